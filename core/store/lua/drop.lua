#!lua
-- A delivery is needed no more: it was handed over, or there is nothing left to be. Answers done, or missing.
local wall = tonumber(ARGV[1])
local delivery = ARGV[2]
local sent = ARGV[3] == "1"
-- @include queue

local name = key.delivery(delivery)
local found = redis.call('HMGET', name, 'lane', 'strand')
if not found[1] then
  return 'missing'
end
redis.call('DEL', name)
if sent then
  recovered(found[1], wall)
end
advance(delivery, found[1], found[2], wall)
touch(found[1], wall)
ring()
return 'done'
