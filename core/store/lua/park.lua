#!lua
-- A delivery is given up: it is kept apart for `lifetime` seconds, from where it can be replayed; its strand goes on,
-- and for a reply its rooms are told. A redraw is only a mark: it goes, so that the next change of its card is drawn.
-- Answers done, or stale (another worker has it).
local wall = tonumber(ARGV[1])
local delivery = ARGV[2]
local token = ARGV[3]
local problem = ARGV[4]
local lifetime = tonumber(ARGV[5])
-- @include queue
-- @include rooms

local name = key.delivery(delivery)
local found = redis.call('HMGET', name, 'token', 'lane', 'strand', 'kind', 'message', 'conversation', 'room', 'shop')
if found[1] ~= token then
  return redis.call('HGET', key.parked(delivery), 'token') == token and 'done' or 'stale' -- Told twice, it is done once.
end
local lane, strand, kind, message, conversation = found[2], found[3], found[4], found[5], found[6]
if kind == 'redraw' then
  redis.call('DEL', name)
else
  local room, shop = found[7], found[8]
  local home = room and key.room(room) or conversation and key.conversation(conversation) or key.shop(shop)
  local seller = redis.call('HGET', home, 'seller') or ''
  redis.call('HSET', name, 'state', 'parked', 'parked_for', problem, 'parked_at', wall, 'seller', seller)
  redis.call('RENAME', name, key.parked(delivery))
  redis.call('EXPIRE', key.parked(delivery), lifetime)
  if seller ~= '' then
    redis.call('ZREMRANGEBYSCORE', key.given_up(seller), '-inf', wall - lifetime * 1000)
    redis.call('ZADD', key.given_up(seller), wall, delivery)
    redis.call('EXPIRE', key.given_up(seller), lifetime)
  end
end
advance(delivery, lane, strand, wall)
recovered(lane, wall)
touch(lane, wall)
if kind == 'reply' and redis.call('HGET', key.message(message), 'state') == 'sending' then
  redis.call('HSET', key.message(message), 'state', 'refused', 'problem', problem)
  redis.call('HDEL', key.conversation(conversation), 'sending')
  local seller = redis.call('HGET', key.conversation(conversation), 'seller')
  note_and_redraw(conversation, seller, message, 'receipt', RECEIPT, wall, { 'outcome', 'refused' })
end
ring()
return 'done'
