#!lua
-- The marketplace says that a message was edited or deleted. The first words stay; the card shows the newest.
-- A change that is told before its message waits for it. Answers accepted, duplicate, or missing (no such shop).
local wall = tonumber(ARGV[1])
local event = ARGV[2]
local event_ttl = tonumber(ARGV[3])
local shop = ARGV[4]
local conversation = ARGV[5]
local message = ARGV[6]
local at = tonumber(ARGV[7])
local fields = cjson.decode(ARGV[8])
local early_ttl = tonumber(ARGV[9])
-- @include queue
-- @include rooms

local seller = redis.call('HGET', key.shop(shop), 'seller')
if not seller then
  return 'missing'
end
if not redis.call('SET', key.event(event), '1', 'NX', 'EX', event_ttl) then
  return 'duplicate'
end
local name = key.message(message)
local known = redis.call('HMGET', name, 'conversation', 'changed_at', 'text', 'original')
if not known[1] then
  local early = key.early(message)
  if at > (tonumber(redis.call('HGET', early, 'changed_at') or '') or 0) then
    redis.call('HSET', early, 'changed_at', at, unpack(fields))
  end
  redis.call('EXPIRE', early, early_ttl)
  return 'accepted'
end
if at <= (tonumber(known[2] or '') or 0) then
  return 'accepted' -- An older change than the one we have: it changes nothing any more.
end
if not known[4] then
  redis.call('HSET', name, 'original', known[3])
end
redis.call('HSET', name, 'changed_at', at, unpack(fields))
note_everywhere(conversation, seller, message, 'message', CARD, wall, { 'changed', tostring(at), 'loud', '0' })
redraw_everywhere(conversation, seller, wall)
ring()
return 'accepted'
