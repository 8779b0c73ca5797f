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
local plan = ARGV[16]
local unit = ARGV[17]
local unit_ms = tonumber(ARGV[18])
-- @include queue
-- @include rooms
-- @include plan

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

-- Whether a message that opens an obligation counts for the rate: by the policy's unit, among messages of its kind.
-- Whatever does not count is owed all the same.
local spans = redis.call('HMGET', key.conversation(conversation), 'first_' .. kind, 'last')
local first_at, last_at = tonumber(spans[1] or ''), tonumber(spans[2] or '')
local function counts()
  if unit == 'first_in_conversation' then
    return not first_at or sent_at <= first_at
  elseif unit == 'first_after_silence' then
    return not last_at or sent_at - last_at >= unit_ms
  elseif unit == 'first_per_day' then
    return not last_at or math.floor(sent_at / unit_ms) ~= math.floor(last_at / unit_ms)
  end
  return true
end
local counted = counts() and '1' or '0'
redis.call('HSET', key.conversation(conversation), 'first_' .. kind, math.min(sent_at, first_at or sent_at),
  'last', math.max(sent_at, last_at or sent_at))
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
      'kind', kind, 'order', order, 'opened_at', sent_at, 'deadline', deadline, 'policy', policy, 'message', message,
      'plan', plan, 'counts', counted)
    schedule(obligation, sent_at, plan, wall)
    redis.call('ZADD', key.open_(conversation), sent_at, obligation)
    redis.call('ZADD', key.owed(seller), due, obligation)
    redis.call('HSET', key.conversation(conversation), 'asked', message)
  elseif sent_at < open.opened_at then
    redis.call('HSET', key.obligation(open.id), 'opened_at', sent_at, 'deadline', deadline, 'message', message,
      'plan', plan, 'counts', counted)
    schedule(open.id, sent_at, plan, wall)
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
    enqueue(message .. '-' .. room .. '-message', lane, strand_of(conversation, room), CARD, wall, {
      'kind', 'message', 'conversation', conversation, 'message', message, 'room', room, 'loud', opened and '1' or '0',
    })
    redraw(conversation, room, lane, wall)
  end
end)
ring()
return 'accepted'
