#!lua
-- A buyer who wrote during an absence is sent a holding reply, by nobody: put on its way at once, and no member's word.
-- Its id names the conversation and the absence: told twice, it is sent once.
-- Answers done, repeated, or settled (nothing is owed any more: nothing was written).
local wall = tonumber(ARGV[1])
local now = tonumber(ARGV[2])
local conversation = ARGV[3]
local message = ARGV[4]
local fields = cjson.decode(ARGV[5])
local used = ARGV[6] -- the quick response that it was made from
-- @include queue
-- @include rooms
-- @include obligations
-- @include holds

redis.call('ZREM', key.agenda(), holding_moment(conversation))
if redis.call('EXISTS', key.message(message)) == 1 then
  return 'repeated'
end
local found = redis.call('HMGET', key.conversation(conversation), 'open', 'seller')
if not found[1] then
  return 'settled'
end
redis.call('HSET', key.message(message), 'conversation', conversation, 'incoming', '0', 'sent_at', now, unpack(fields))
redis.call('ZADD', key.messages(conversation), now, message)
redis.call('HSET', key.conversation(conversation), 'wrote', '1')
count_use(found[2], used, 1)
set_out(message, conversation, 0, wall)
ring()
return 'done'
