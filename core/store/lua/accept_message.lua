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
local stamp = ARGV[19]
-- @include queue
-- @include rooms
-- @include told
-- @include duties

local seller = redis.call('HGET', key.shop(shop), 'seller')
if not seller then
  return 'missing'
end
if not redis.call('SET', key.event(event), '1', 'NX', 'EX', event_ttl) then
  return 'duplicate'
end
keep_told(conversation, seller, shop, stamp, conversation_fields)
-- What an import brought before counts as new when it is told as news: it may be waiting for an answer.
local known = redis.call('HMGET', key.message(message), 'conversation', 'history')
if known[1] and (history or not known[2]) then
  return 'duplicate'
end
if known[1] then
  redis.call('HDEL', key.message(message), 'history')
else
  redis.call('HSET', key.message(message), 'conversation', conversation, unpack(message_fields))
  catch_up(message)
  redis.call('ZADD', key.messages(conversation), sent_at, message)
end
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
  redis.call('HSET', key.message(message), 'history', '1')
  return 'accepted'
end

-- What an accepted reply already answered opens nothing. The clock starts when the buyer wrote, not when we heard.
local asks = kind .. '/' .. order
local duty = {
  id = obligation, kind = kind, order = order, deadline = deadline, policy = policy, plan = plan, counts = counted,
}
redis.call('HSET', key.message(message), 'asks', asks)
local opened = false
local answered = tonumber(redis.call('HGET', key.conversation(conversation), 'answered') or '0')
if sent_at > answered then
  local open = open_of(conversation, asks)
  opened = not open
  if opened then
    open_duty(conversation, seller, shop, message, sent_at, duty, nil, wall)
  elseif sent_at < open.opened_at then
    local state = take_back(conversation, seller, open.id, unit ~= 'first_in_conversation')
    open_duty(conversation, seller, shop, message, sent_at, duty, state, wall)
  else
    bear(message, duty)
  end
end
-- In order, what opens is what the card shows, and a follow-up changes nothing.
local in_order = redis.call('ZREVRANGE', key.messages(conversation), 0, 0)[1] == message
if opened and in_order then
  redis.call('HSET', key.conversation(conversation), 'asked', message)
elseif not in_order or sent_at <= answered then
  ask(conversation)
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
