#!lua
-- A delivery is given up: it is kept, its strand goes on, and for a reply its rooms are told. A redraw is only a mark:
-- it goes, so that the next change of its card is drawn.
-- Answers done, or stale (another worker has it).
local wall = tonumber(ARGV[1])
local delivery = ARGV[2]
local token = ARGV[3]
local problem = ARGV[4]
-- @include queue
-- @include rooms

local name = key.delivery(delivery)
local found = redis.call('HMGET', name, 'token', 'lane', 'strand', 'kind', 'message', 'conversation')
if found[1] ~= token then
  return 'stale'
end
redis.call('HSET', name, 'state', 'parked', 'problem', problem)
advance(delivery, found[2], found[3], wall)
if found[4] == 'redraw' then
  redis.call('DEL', name)
end
recovered(found[2], wall)
touch(found[2], wall)
if found[4] == 'reply' and redis.call('HGET', key.message(found[5]), 'state') == 'sending' then
  redis.call('HSET', key.message(found[5]), 'state', 'refused', 'problem', problem)
  redis.call('HDEL', key.conversation(found[6]), 'sending')
  local seller = redis.call('HGET', key.conversation(found[6]), 'seller')
  note_everywhere(found[6], seller, found[5], 'receipt', RECEIPT, wall, { 'outcome', 'refused' })
  redraw_everywhere(found[6], seller, wall)
end
ring()
return 'done'
