#!lua
-- The marketplace says that a message was reported as spam, or no longer is.
-- Answers fold, duplicate, or missing (no such shop).
local wall = tonumber(ARGV[1])
local now = tonumber(ARGV[2])
local event = ARGV[3]
local event_ttl = tonumber(ARGV[4])
local shop = ARGV[5]
local conversation = ARGV[6]
local message = ARGV[7]
local stamp = ARGV[8]
local conversation_fields = cjson.decode(ARGV[9])
local word = ARGV[10] -- reported or withdrawn
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
mark(conversation, 'spam/' .. stamp .. '/' .. message, word)
redis.call('HSET', key.conversation(conversation), 'marked', '1')
fold_later(conversation, now)
redraw_everywhere(conversation, seller, wall)
ring()
return 'fold'
