#!lua
-- The words of a conversation go, a page of its messages at a time, and with the last page its cards: nothing of it was
-- owed for long. Who said something when stays, and what was owed.
-- Answers where the next page begins; or done, owed (whoever settles it sets the moment anew), later (something was
-- said since, or is on its way), or bare (the buyer never wrote: nothing explains what is left).
local conversation = ARGV[1]
local now = tonumber(ARGV[2])
local lease = tonumber(ARGV[3]) -- for how long whoever carries out the moment has put it off
local first = tonumber(ARGV[4])
local page = tonumber(ARGV[5])
local again_at = tonumber(ARGV[6])
-- @include obligations
-- @include cards

local moment = text_moment(conversation)
local heads = redis.call('HMGET', key.conversation(conversation), 'open', 'sending', 'in_inbox', 'in_order')
if heads[1] then
  redis.call('ZREM', key.agenda(), moment)
  return 'owed'
end
if tonumber(redis.call('ZSCORE', key.agenda(), moment) or now) > now + lease then
  return 'later'
end
if heads[2] then
  redis.call('ZADD', key.agenda(), again_at, moment)
  return 'later'
end
local messages = redis.call('ZRANGE', key.messages(conversation), first, first + page - 1)
for _, message in ipairs(messages) do
  redis.call('HDEL', key.message(message), 'text', 'original', 'attachments', 'problem', 'order', 'files')
end
if #messages == page then
  return tostring(first + page)
end
forget_cards(conversation)
redis.call('ZREM', key.agenda(), moment)
return (heads[3] or heads[4]) and 'done' or 'bare'
