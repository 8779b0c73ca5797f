#!lua
-- A member's reply: kept, and put on its way to the marketplace; or, where that takes none, kept until somebody
-- says that it was typed there by hand. Nothing shows as sent before the marketplace, or that member, says so.
-- Answers done, repeated (this operation was carried out before), or missing (no such conversation of this seller).
local wall = tonumber(ARGV[1])
local operation = ARGV[2]
local operation_ttl = tonumber(ARGV[3])
local seller = ARGV[4]
local conversation = ARGV[5]
local message = ARGV[6]
local written_at = tonumber(ARGV[7])
local fields = cjson.decode(ARGV[8])
local sends = ARGV[9] == "1"
local draft = ARGV[10]
local forget_at = tonumber(ARGV[11])
local by = ARGV[12]
-- @include queue
-- @include rooms
-- @include claims
-- @include obligations

local known = redis.call('HMGET', key.conversation(conversation), 'seller', 'shop', 'open')
if known[1] ~= seller then
  return 'missing'
end
if not redis.call('SET', key.operation(operation), message, 'NX', 'EX', operation_ttl) then
  return 'repeated'
end
if draft ~= '' then
  if redis.call('HGET', key.draft(draft), 'outcome') ~= '' then
    redis.call('DEL', key.operation(operation))
    return 'decided'
  end
  redis.call('HSET', key.draft(draft), 'outcome', sends and 'sent' or 'by_hand', 'message', message)
end
redis.call('HSET', key.message(message), 'conversation', conversation, 'incoming', '0',
  'state', sends and 'sending' or 'by_hand', 'sent_at', written_at, unpack(fields))
redis.call('ZADD', key.messages(conversation), written_at, message)
heeded(conversation, by, written_at)
if not known[3] then
  redis.call('ZADD', key.agenda(), forget_at, text_moment(conversation)) -- Nothing will be settled by it.
end
if sends then
  redis.call('HSET', key.conversation(conversation), 'sending', message)
  enqueue(message, 'shop/' .. known[2], conversation, CARD, wall, {
    'kind', 'reply', 'conversation', conversation, 'message', message, 'shop', known[2],
  })
end
redraw_everywhere(conversation, seller, wall)
ring()
return 'done'
