#!lua
-- The marketplace says that an order started or changed: the card shows its newest state.
-- Answers accepted, duplicate or missing.
local wall = tonumber(ARGV[1])
local event = ARGV[2]
local event_ttl = tonumber(ARGV[3])
local shop = ARGV[4]
local conversation = ARGV[5]
local at = tonumber(ARGV[6])
local conversation_fields = cjson.decode(ARGV[7])
local order = ARGV[8]
-- @include queue
-- @include rooms

local seller = redis.call('HGET', key.shop(shop), 'seller')
if not seller then
  return 'missing'
end
if not redis.call('SET', key.event(event), '1', 'NX', 'EX', event_ttl) then
  return 'duplicate'
end
local name = key.conversation(conversation)
redis.call('HSET', name, 'seller', seller, 'shop', shop, unpack(conversation_fields))
if at >= (tonumber(redis.call('HGET', name, 'order_at') or '') or 0) then
  redis.call('HSET', name, 'order_at', at, 'order', order)
end
redraw_everywhere(conversation, seller, wall)
ring()
return 'accepted'
