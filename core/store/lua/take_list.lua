#!lua
-- The new conversations that a room has been spared the ringing of are taken into the delivery that lists them, so that it
-- says the same whenever it is tried again: the first few by name, of the others how many.
-- Answers {how many there are, {conversation, …}}, or nil (another worker has it).
local delivery = ARGV[1]
local token = ARGV[2]
local room = ARGV[3]
local most = tonumber(ARGV[4])

local name = key.delivery(delivery)
local found = redis.call('HMGET', name, 'token', 'lines', 'count')
if found[1] ~= token then
  return false
end
if found[2] then
  return { tonumber(found[3]), cjson.decode(found[2]) }
end
local count = redis.call('ZCARD', key.listed(room))
local first = redis.call('ZRANGE', key.listed(room), 0, most - 1)
redis.call('DEL', key.listed(room))
redis.call('HSET', name, 'lines', #first > 0 and cjson.encode(first) or '[]', 'count', count)
return { count, first }
