#!lua
-- A member opened the form of a conversation: what is answered from now on they may not know of, and the cards say that
-- they are writing, until they have, or for a while.
-- Answers done.
local wall = tonumber(ARGV[1])
local now = tonumber(ARGV[2])
local conversation = ARGV[3]
local who = ARGV[4]
local who_name = ARGV[5]
local lifetime = tonumber(ARGV[6])
local ends_at = tonumber(ARGV[7])
-- @include queue
-- @include rooms
-- @include claims

local name = key.conversation(conversation)
local found = redis.call('HMGET', name, 'writing', 'seller')
heeded(conversation, who, now)
redis.call('HSET', key.forms(conversation), who, now)
redis.call('EXPIRE', key.forms(conversation), lifetime)
redis.call('HSET', name, 'writing', who, 'writing_name', who_name, 'writing_until', ends_at)
redis.call('ZADD', key.agenda(), ends_at, 'writing/' .. conversation)
if found[1] ~= who then
  redraw_everywhere(conversation, found[2], wall)
  ring()
end
return 'done'
