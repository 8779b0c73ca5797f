#!lua
-- A reply that stopped sets out after all, as it was written or with another text; a held one with another text is held
-- anew. It counts as written now: whoever says so has seen what came between.
-- Answers {word, conversation}: done, repeated (this operation was carried out before), dropped (it was taken back),
-- missing, or what it is by now: held, sending, sent, refused, by_hand.
local wall = tonumber(ARGV[1])
local operation = ARGV[2]
local operation_ttl = tonumber(ARGV[3])
local seller = ARGV[4]
local message = ARGV[5]
local written_at = tonumber(ARGV[6])
local till = tonumber(ARGV[7]) -- until this instant of `wall` it can be taken back
local changes = ARGV[8] == "1"
local text = ARGV[9]
local author = ARGV[10]
local by = ARGV[11]
-- @include queue
-- @include rooms
-- @include claims
-- @include holds

local found = redis.call('HMGET', key.message(message), 'conversation', 'incoming', 'state', 'text')
local conversation, state = found[1], found[3]
if not conversation then
  local draft = redis.call('HMGET', key.draft(message), 'seller', 'conversation')
  return draft[1] == seller and { 'dropped', draft[2] } or { 'missing', '' }
end
if found[2] ~= '0' or not found[4] or redis.call('HGET', key.conversation(conversation), 'seller') ~= seller then
  return { 'missing', '' }
end
if redis.call('EXISTS', key.operation(operation)) == 1 then
  return { 'repeated', conversation }
end
if state ~= 'stopped' and not (changes and state == 'held') then
  return { state, conversation }
end
redis.call('SET', key.operation(operation), message, 'EX', operation_ttl)
if state == 'held' then
  stand_still(message, conversation, wall)
end
redis.call('HSET', key.message(message), 'sent_at', written_at)
if changes then
  redis.call('HSET', key.message(message), 'text', text, 'author', author)
  if text ~= found[4] then
    redis.call('HDEL', key.message(message), 'how', 'used') -- In other words it is no quick response any more.
  end
end
redis.call('ZADD', key.messages(conversation), written_at, message)
redis.call('HSET', key.conversation(conversation), 'said', message)
heeded(conversation, by, written_at)
wrote(conversation, by)
set_out(message, conversation, till, wall)
redraw_everywhere(conversation, seller, wall)
ring()
return { 'done', conversation }
