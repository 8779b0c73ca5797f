#!lua flags=no-writes
-- A page of what waits, the nearest deadline first: what is owed by a seller, or by `coming` what is settled in its shops and
-- still to enter the rate; beyond (`above`, `above_id`), up to `bound`. It looks at no more than a page at a time.
-- Answers {deadline, id of the last one that it looked at or ''}, {rows, policies} as `rows` tells them.
local ledgers = cjson.decode(ARGV[1]) -- {shop, kind}
local coming = ARGV[2] == "1"
local above = ARGV[3] -- a deadline, inf where there is none, -inf for all
local above_id = ARGV[4]
local bound = ARGV[5] -- as Redis writes it: (1795428000000, or +inf
local page = tonumber(ARGV[6])
-- @include verdicts
-- @include rows

local wanted, sets, places = {}, {}, {}
for _, each in ipairs(ledgers) do
  local shop = each[1]
  wanted[shop .. '/' .. each[2]] = true
  local name = coming and key.coming(shop) or key.owed(redis.call('HGET', key.shop(shop), 'seller'))
  if not places[name] then
    places[name] = true
    sets[#sets + 1] = name
  end
end

local found = {}
for _, name in ipairs(sets) do
  local offset, taken, chunk = 0, 0, nil
  repeat
    chunk = redis.call('ZRANGEBYSCORE', name, above, bound, 'WITHSCORES', 'LIMIT', offset, page)
    for i = 1, #chunk, 2 do
      if chunk[i + 1] ~= above or chunk[i] > above_id then
        found[#found + 1] = { tonumber(chunk[i + 1]), chunk[i], chunk[i + 1] }
        taken = taken + 1
      end
    end
    offset = offset + page
  until taken >= page or #chunk < 2 * page
end
table.sort(found, function(one, other)
  return one[1] < other[1] or (one[1] == other[1] and one[2] < other[2])
end)
local ids = {}
for place = 1, math.min(page, #found) do
  local it = redis.call('HMGET', key.obligation(found[place][2]), 'of', 'asks')
  if it[1] and wanted[redis.call('HGET', key.conversation(it[1]), 'shop') .. '/' .. kind_of(it[2])] then
    ids[#ids + 1] = found[place][2]
  end
end
local last = #found >= page and found[page] or { 0, '', '' }
return { { last[3], last[2] }, rows_of(ids) }
