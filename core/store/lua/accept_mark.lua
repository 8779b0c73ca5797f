#!lua
-- The marketplace says what was done about a conversation beside writing: that a message was reported as spam or no longer
-- is, or that the conversation is gone. What follows is worked out from the history.
-- Answers fold, duplicate, or missing (no such shop).
local wall = tonumber(ARGV[1])
local now = tonumber(ARGV[2])
local event = ARGV[3]
local event_ttl = tonumber(ARGV[4])
local shop = ARGV[5]
local conversation = ARGV[6]
local stamp = ARGV[7]
local conversation_fields = cjson.decode(ARGV[8])
local name = ARGV[9]
local value = ARGV[10]
-- @include queue
-- @include rooms
-- @include told
-- @include obligations

local seller = redis.call('HGET', key.shop(shop), 'seller')
if not seller then
  return 'missing'
end
if not redis.call('SET', key.event(event), '1', 'NX', 'EX', event_ttl) then
  return 'duplicate'
end
keep_told(conversation, seller, shop, stamp, conversation_fields)
mark(conversation, name, value)
redis.call('HSET', key.conversation(conversation), 'marked', '1')
fold_later(conversation, now)
redraw_everywhere(conversation, seller, wall)
ring()
return 'fold'
