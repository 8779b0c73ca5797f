#!lua
-- The obligations of a conversation become those that follow from its history, if that is still the one they were
-- worked out from. A `mark` is on its way beside this, and counted in: it must stand. Answers done, or stale.
local wall = tonumber(ARGV[1])
local now = tonumber(ARGV[2])
local conversation = ARGV[3]
local facts = ARGV[4]
local changed = cjson.decode(ARGV[5]) -- {id, kind, counts from, verdict or '', owed, opened at, plan, fields}
local gone = cjson.decode(ARGV[6]) -- {id, kind}
local open = ARGV[7]
local asked = ARGV[8]
local odd = ARGV[9] == "1"
local rings = cjson.decode(ARGV[10]) -- the messages whose obligations are owed as of now
local shows = ARGV[11] == "1" -- on the cards
local forget_at = tonumber(ARGV[12])
local mark = ARGV[13] -- empty: none
local marked = ARGV[14] -- what it is to say
-- @include queue
-- @include rooms
-- @include obligations
-- @include claims

local name = key.conversation(conversation)
local heads = redis.call('HMGET', name, 'facts', 'seller', 'shop', 'open')
if (heads[1] or '') ~= facts or (mark ~= '' and redis.call('HGET', key.marks(conversation), mark) ~= marked) then
  return 'stale'
end
local seller, shop = heads[2], heads[3]
for _, each in ipairs(gone) do
  local obligation = each[1]
  redis.call('DEL', key.obligation(obligation))
  redis.call('ZREM', key.owed(seller), obligation)
  redis.call('ZREM', key.agenda(), obligation)
  enter(obligation, shop, each[2], 0, nil)
  await_entry(obligation, shop, false)
end
for _, each in ipairs(changed) do
  local obligation, kind, counted_from, verdict, owed, opened_at, plan, fields = unpack(each)
  redis.call('DEL', key.obligation(obligation))
  redis.call('HSET', key.obligation(obligation), unpack(fields))
  if owed then
    redis.call('ZADD', key.owed(seller), tonumber(redis.call('HGET', key.obligation(obligation), 'due')) or math.huge,
      obligation)
  else
    redis.call('ZREM', key.owed(seller), obligation)
  end
  await_entry(obligation, shop, not owed and verdict == '', redis.call('HGET', key.obligation(obligation), 'due'))
  schedule(obligation, opened_at, plan, now)
  enter(obligation, shop, kind, counted_from, verdict ~= '' and verdict or nil)
end
redis.call('HDEL', name, 'open', 'odd')
redis.call('HSET', name, 'asked', asked)
if open == '' then
  duty_ends(conversation)
end
if open ~= '' then
  redis.call('HSET', name, 'open', open)
elseif heads[4] then
  redis.call('ZADD', key.agenda(), forget_at, text_moment(conversation))
else
  redis.call('ZADD', key.agenda(), 'NX', forget_at, text_moment(conversation)) -- It was settled before.
end
if odd then
  redis.call('HSET', name, 'odd', '1')
end
redis.call('ZREM', key.agenda(), 'fold/' .. conversation)
if #changed + #gone > 0 then
  redis.call('HINCRBY', name, 'facts', 1)
end
if shows then
  redraw_everywhere(conversation, seller, wall)
end
for _, message in ipairs(rings) do
  ring_for(conversation, seller, message, wall)
end
ring()
return 'done'
