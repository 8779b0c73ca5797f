#!lua
-- A card has its thread, or is to stand in the room itself: then `thread` is empty. Answers done, or missing (the delivery
-- was finished before; the thread is remembered all the same, unless there is one).
local wall = tonumber(ARGV[1])
local delivery = ARGV[2]
local room = ARGV[3]
local conversation = ARGV[4]
local thread = ARGV[5]
-- @include queue
-- @include rooms

local name = key.delivery(delivery)
local found = redis.call('HMGET', name, 'lane', 'strand')
if not found[1] then
  redis.call('HSETNX', key.conversation(conversation), thread_in(room), thread)
  return 'missing'
end
redis.call('HSET', key.conversation(conversation), thread_in(room), thread)
redis.call('DEL', name)
recovered(found[1], wall)
advance(delivery, found[1], found[2], wall)
touch(found[1], wall)
ring()
return 'done'
