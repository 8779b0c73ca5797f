#!lua
-- A buyer wrote: keep the message, open an obligation or move it to an earlier start, ring in every linked room.
-- Answers accepted, duplicate, or missing (no such shop).
local wall = tonumber(ARGV[1])
local event = ARGV[2]
local event_ttl = tonumber(ARGV[3])
local shop = ARGV[4]
local conversation = ARGV[5]
local message = ARGV[6]
local sent_at = tonumber(ARGV[7])
local message_fields = cjson.decode(ARGV[8])
local conversation_fields = cjson.decode(ARGV[9])
local history = ARGV[10] == "1"
local obligation = ARGV[11]
local kind = ARGV[12]
local order = ARGV[13]
local deadline = ARGV[14]
local policy = ARGV[15]
-- @include queue
-- @include rooms

local seller = redis.call('HGET', key.shop(shop), 'seller')
if not seller then
  return 'missing'
end
if not redis.call('SET', key.event(event), '1', 'NX', 'EX', event_ttl) then
  return 'duplicate'
end
redis.call('HSET', key.conversation(conversation), 'seller', seller, 'shop', shop, unpack(conversation_fields))
if redis.call('EXISTS', key.message(message)) == 1 then
  return 'duplicate'
end
redis.call('HSET', key.message(message), 'conversation', conversation, unpack(message_fields))
local change = redis.call('HGETALL', key.early(message))
if #change > 0 then
  redis.call('HSET', key.message(message), 'original', redis.call('HGET', key.message(message), 'text'), unpack(change))
  redis.call('DEL', key.early(message))
end
redis.call('ZADD', key.messages(conversation), sent_at, message)
redis.call('HINCRBY', key.conversation(conversation), 'version', 1)
if history then
  return 'accepted'
end

-- What an accepted reply already answered opens nothing. The clock starts when the buyer wrote, not when we heard.
local opened = false
local answered = tonumber(redis.call('HGET', key.conversation(conversation), 'answered') or '0')
if sent_at > answered then
  local open
  for _, candidate in ipairs(redis.call('ZRANGE', key.open_(conversation), 0, -1)) do
    local found = redis.call('HMGET', key.obligation(candidate), 'kind', 'order', 'opened_at')
    if found[1] == kind and found[2] == order then
      open = { id = candidate, opened_at = tonumber(found[3]) }
    end
  end
  local due = tonumber(deadline) or math.huge
  if not open then
    opened = true
    redis.call('HSET', key.obligation(obligation), 'state', 'open', 'conversation', conversation, 'shop', shop,
      'kind', kind, 'order', order, 'opened_at', sent_at, 'deadline', deadline, 'policy', policy, 'message', message)
    redis.call('ZADD', key.open_(conversation), sent_at, obligation)
    redis.call('ZADD', key.owed(seller), due, obligation)
    redis.call('HSET', key.conversation(conversation), 'asked', message)
  elseif sent_at < open.opened_at then
    redis.call('HSET', key.obligation(open.id), 'opened_at', sent_at, 'deadline', deadline, 'message', message)
    redis.call('ZADD', key.open_(conversation), sent_at, open.id)
    redis.call('ZADD', key.owed(seller), due, open.id)
    redis.call('HSET', key.conversation(conversation), 'asked', message)
  end
end
if redis.call('HEXISTS', key.conversation(conversation), 'asked') == 0 then
  redis.call('HSET', key.conversation(conversation), 'asked', message)
end

each_room(seller, function(room, lane)
  if not post_card(conversation, message, room, lane, wall) then
    enqueue(message .. '-' .. room .. '-message', lane, conversation, CARD, wall, {
      'kind', 'message', 'conversation', conversation, 'message', message, 'room', room, 'loud', opened and '1' or '0',
    })
    redraw(conversation, room, lane, wall)
  end
end)
ring()
return 'accepted'
