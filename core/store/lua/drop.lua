#!lua
-- A delivery is needed no more. Answers done, or missing.
local wall = tonumber(ARGV[1])
local delivery = ARGV[2]
-- @include queue

local name = key.delivery(delivery)
local found = redis.call('HMGET', name, 'lane', 'strand')
if not found[1] then
  return 'missing'
end
redis.call('DEL', name)
advance(delivery, found[1], found[2], wall)
touch(found[1], wall)
ring()
return 'done'
