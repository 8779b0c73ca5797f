#!lua
-- Everything that the obligations of a conversation follow from, in one round trip, and those it has.
-- {seller, shop, facts, odd, asked, open, past, its id}, {shop's fields}, {seller's fields}, {message id, {facts}, {obligation}}…, marks,
-- absences, {digest, policy}…; nil for an unknown conversation.
local conversation = ARGV[1] -- empty: that of the message
local message = ARGV[2]
-- @include obligations

if conversation == '' then
  conversation = redis.call('HGET', key.message(message), 'conversation') or ''
end
local heads = redis.call('HMGET', key.conversation(conversation), 'seller', 'shop', 'facts', 'odd', 'asked', 'open', 'past')
if not heads[1] then
  return false
end
for i = 1, 7 do
  heads[i] = heads[i] or ''
end
heads[8] = conversation
local shop = heads[2]
local messages = {}
for _, id in ipairs(redis.call('ZRANGE', key.messages(conversation), 0, -1)) do
  local found = redis.call('HMGET', key.message(id), 'incoming', 'sent_at', 'asks', 'state', 'accepted_at', 'how',
    'deleted', 'history', 'staff')
  for i = 1, 9 do
    found[i] = found[i] or ''
  end
  messages[#messages + 1] = { id, found, found[1] == '1' and redis.call('HGETALL', key.obligation(obligation_of(id))) or {} }
end
local policies = {}
for digest in string.gmatch(redis.call('HGET', key.shop(shop), 'governed') or '', '/(%x+)') do
  policies[#policies + 1] = { digest, redis.call('GET', key.policy(digest)) }
end
return {
  heads, redis.call('HGETALL', key.shop(shop)), redis.call('HGETALL', key.seller(heads[1])), messages,
  redis.call('HGETALL', key.marks(conversation)), redis.call('HGETALL', key.absences(shop)), policies,
}
