#!lua
-- A card's message is gone, or the thread that it stood in: it is posted anew, before whatever of its conversation was
-- to follow.
-- A repaint that finds that out beside a line on its way waits for that, and finds it again.
-- Answers done, or stale (another worker has it).
local wall = tonumber(ARGV[1])
local delivery = ARGV[2]
local token = ARGV[3]
local card = ARGV[4]
local without_thread = ARGV[5] == "1"
-- @include queue
-- @include rooms

local name = key.delivery(delivery)
local found = redis.call('HMGET', name, 'token', 'lane', 'strand', 'kind', 'conversation', 'room', 'message')
if found[1] ~= token then
  return 'stale'
end
local lane, strand, conversation, room = found[2], found[3], found[5], found[6]
redis.call('HSET', name, 'state', 'pending')
redis.call('HDEL', name, 'token')
if is_beside(delivery, lane, strand) then
  return 'done'
end
local asked = redis.call('HGET', key.conversation(conversation), 'asked')
redis.call('HSET', key.conversation(conversation), room, '')
if found[4] == 'redraw' then
  redis.call('DEL', name) -- The new card will be drawn from the newest state.
  redis.call('LREM', key.strand(lane, strand), 1, delivery)
end
redis.call('ZREM', key.flying(lane), strand)
if found[4] ~= 'card' and redis.call('EXISTS', key.delivery(card)) == 0 then
  redis.call('HSET', key.delivery(card), 'state', 'pending', 'lane', lane, 'strand', strand, 'class', CARD, 'created', wall,
    'kind', 'card', 'conversation', conversation, 'message', asked or '', 'room', room, 'anew', '1')
  redis.call('LPUSH', key.strand(lane, strand), card)
end
if without_thread then
  local thread = card .. '-thread'
  redis.call('HDEL', key.conversation(conversation), thread_in(room))
  redis.call('HSET', key.delivery(thread), 'state', 'pending', 'lane', lane, 'strand', strand, 'class', CARD, 'created', wall,
    'kind', 'thread', 'conversation', conversation, 'room', room)
  redis.call('LPUSH', key.strand(lane, strand), thread)
end
place(lane, strand, CARD, wall)
touch(lane, wall)
ring()
return 'done'
