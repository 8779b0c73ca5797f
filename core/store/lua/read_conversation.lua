#!lua
-- Everything that a card is drawn from, in one round trip. Answers nil for an unknown conversation.
-- {conversation, shop, seller, {message id, fields}… newest first, {obligation id, fields}…, card in this room}
local conversation = ARGV[1]
local room = ARGV[2]
local limit = tonumber(ARGV[3])

local fields = redis.call('HGETALL', key.conversation(conversation))
if #fields == 0 then
  return false
end
local heads = redis.call('HMGET', key.conversation(conversation), 'shop', 'seller', 'asked')
local messages = {}
local asked_found = false
for _, id in ipairs(redis.call('ZREVRANGE', key.messages(conversation), 0, limit - 1)) do
  messages[#messages + 1] = { id, redis.call('HGETALL', key.message(id)) }
  asked_found = asked_found or id == heads[3]
end
if heads[3] and not asked_found then
  messages[#messages + 1] = { heads[3], redis.call('HGETALL', key.message(heads[3])) }
end
local obligations = {}
for _, id in ipairs(redis.call('ZRANGE', key.open_(conversation), 0, -1)) do
  obligations[#obligations + 1] = { id, redis.call('HGETALL', key.obligation(id)) }
end
local posted = ''
if room ~= '' then
  posted = redis.call('HGET', key.cards(conversation), room) or ''
end
return {
  fields, redis.call('HGETALL', key.shop(heads[1])), redis.call('HGETALL', key.seller(heads[2])),
  messages, obligations, posted, redis.call('HGETALL', key.room(room)),
}
