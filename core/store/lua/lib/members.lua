-- Who acts for a seller. Answers the role of one who does something right now, an empty word for one who has none of their
-- own; and whether it was written down, which is done after `every` milliseconds. `seen` is their name and the instant: told
-- again with the same, it is answered as it was.
local function meet(seller, who, seen, now, every)
  local known = redis.call('HGET', key.seen_members(seller), who)
  local written = not known or known == seen or cjson.decode(known)[2] + every <= now
  if written then
    redis.call('HSET', key.seen_members(seller), who, seen)
  end
  return redis.call('HGET', key.members(seller), who) or '', written and 1 or 0
end
