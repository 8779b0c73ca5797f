#!lua flags=no-writes
-- A page of what was said in a conversation, the newest first: {seller, zone, marketplace's id, buyer, how many messages there
-- are, {{id, fields}, …}}. nil for an unknown one.
local conversation = ARGV[1]
local skip = tonumber(ARGV[2])
local count = tonumber(ARGV[3])

local about = redis.call('HMGET', key.conversation(conversation), 'seller', 'key', 'buyer')
if not about[1] then
  return false
end
local messages = {}
for _, id in ipairs(redis.call('ZREVRANGE', key.messages(conversation), skip, skip + count - 1)) do
  messages[#messages + 1] = { id, redis.call('HGETALL', key.message(id)) }
end
return {
  about[1], redis.call('HGET', key.seller(about[1]), 'zone') or 'UTC', about[2] or '', about[3] or '',
  redis.call('ZCARD', key.messages(conversation)), messages,
}
