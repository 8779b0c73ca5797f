#!lua
-- The marketplace says that an order started or changed: the card shows its newest state.
-- Answers accepted, duplicate or missing.
local wall = tonumber(ARGV[1])
local event = ARGV[2]
local event_ttl = tonumber(ARGV[3])
local shop = ARGV[4]
local conversation = ARGV[5]
local stamp = ARGV[6]
local conversation_fields = cjson.decode(ARGV[7])
-- @include queue
-- @include rooms
-- @include told

local seller = redis.call('HGET', key.shop(shop), 'seller')
if not seller then
  return 'missing'
end
if not redis.call('SET', key.event(event), '1', 'NX', 'EX', event_ttl) then
  return 'duplicate'
end
keep_told(conversation, seller, shop, stamp, conversation_fields)
redraw_everywhere(conversation, seller, wall)
ring()
return 'accepted'
