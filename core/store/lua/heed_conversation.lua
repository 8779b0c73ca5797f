#!lua
-- A member opened the form of a conversation, which shows nowhere: what is answered from now on they may not know of.
-- Answers done.
local now = tonumber(ARGV[1])
local conversation = ARGV[2]
local who = ARGV[3]
local lifetime = tonumber(ARGV[4])
-- @include claims

heeded(conversation, who, now)
redis.call('HSET', key.forms(conversation), who, now)
redis.call('EXPIRE', key.forms(conversation), lifetime)
return 'done'
