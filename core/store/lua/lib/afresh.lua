-- A delivery that begins anew: all that it carries but what its last tries left behind. Answers its fields by name, and
-- those to enqueue it with as a flat list; nil where there is none.
local OF_ITS_TRIES = {
  state = 1, lane = 1, strand = 1, class = 1, created = 1, token = 1, tries = 1, was = 1, intent = 1, put_off = 1,
  said = 1, parked_for = 1, parked_at = 1, seller = 1,
}

local function afresh(name)
  local kept = redis.call('HGETALL', name)
  local was, fields = {}, {}
  for i = 1, #kept, 2 do
    was[kept[i]] = kept[i + 1]
    if not OF_ITS_TRIES[kept[i]] then
      fields[#fields + 1], fields[#fields + 2] = kept[i], kept[i + 1]
    end
  end
  if was.lane then
    return was, fields
  end
end
