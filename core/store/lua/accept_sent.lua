#!lua
-- The marketplace says that the seller answered: on the site, or it is the echo of our own reply.
-- An answer settles whatever opened before it was written. Answers accepted, fold, duplicate or missing.
local wall = tonumber(ARGV[1])
local event = ARGV[2]
local event_ttl = tonumber(ARGV[3])
local shop = ARGV[4]
local conversation = ARGV[5]
local message = ARGV[6]
local reply = ARGV[7]
local text = ARGV[8]
local sent_at = tonumber(ARGV[9])
local message_fields = cjson.decode(ARGV[10])
local conversation_fields = cjson.decode(ARGV[11])
local history = ARGV[12] == "1"
local from = cjson.decode(ARGV[13])
local to = ARGV[14]
local stamp = ARGV[15]
local now = tonumber(ARGV[16])
local forget_at = tonumber(ARGV[17])
local how = ARGV[18]
-- @include queue
-- @include rooms
-- @include told
-- @include settle
-- @include replies

local seller = redis.call('HGET', key.shop(shop), 'seller')
if not seller then
  return 'missing'
end
if not redis.call('SET', key.event(event), '1', 'NX', 'EX', event_ttl) then
  return 'duplicate'
end
local heads = redis.call('HMGET', key.conversation(conversation), 'buyer_at', 'order_at', 'url_at', 'seller', 'wrote', 'held')
keep_newest(conversation, heads, stamp, conversation_fields, seller, shop)
if history then
  known_since(shop, sent_at)
end
if redis.call('EXISTS', key.message(message), key.alias(message)) > 0 then
  return 'duplicate'
end
local own = find_echo(conversation, reply, text, heads[5])
if own then
  local settled = accept_reply(own, sent_at, message, from, to, wall, now, forget_at)
  ring()
  return settled and 'accepted' or 'fold'
end
redis.call('HSET', key.message(message), 'conversation', conversation, unpack(message_fields))
catch_up(message)
redis.call('ZADD', key.messages(conversation), sent_at, message)
local settled, owed = settle(conversation, message, sent_at, sent_at, how, from, to, now, forget_at, history)
if not history then
  redis.call('HSET', key.conversation(conversation), 'said', message)
  if heads[6] then
    stop_held(conversation, seller, 'answered', '', wall)
  end
  note_and_redraw(conversation, seller, message, 'receipt', RECEIPT, wall)
elseif owed > 0 then
  redraw_everywhere(conversation, seller, wall)
end
ring()
return settled and 'accepted' or 'fold'
