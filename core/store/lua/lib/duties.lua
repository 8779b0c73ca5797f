-- @include ledger
-- @include plan
-- Which messages are owed an answer: of each kind and order, the earliest that nothing answered. It follows from what
-- was said and when, whatever order it was told in. Needs `queue` and `rooms`.
local RUN = 200 -- messages that are looked back on for what the buyer asked last

-- The open obligation of a kind and order; `asks` names both.
local function open_of(conversation, asks)
  for _, candidate in ipairs(redis.call('ZRANGE', key.open_(conversation), 0, -1)) do
    local found = redis.call('HMGET', key.obligation(candidate), 'kind', 'order', 'opened_at', 'state')
    if found[1] .. '/' .. found[2] == asks then
      return { id = candidate, opened_at = tonumber(found[3]), state = found[4] }
    end
  end
end

-- `state` is that of the later message's obligation in whose place it comes: its deadline has passed before.
local function open_duty(conversation, seller, shop, message, sent_at, duty, state, wall)
  redis.call('HSET', key.obligation(duty.id), 'state', state or 'open', 'conversation', conversation, 'shop', shop,
    'kind', duty.kind, 'order', duty.order, 'opened_at', sent_at, 'deadline', duty.deadline, 'policy', duty.policy,
    'message', message, 'plan', duty.plan, 'counts', duty.counts)
  redis.call('ZADD', key.open_(conversation), sent_at, duty.id)
  redis.call('ZADD', key.owed(seller), tonumber(duty.deadline) or math.huge, duty.id)
  if not state or state == 'open' then
    schedule(duty.id, sent_at, duty.plan, wall)
  else
    enter(duty.id, 'missed')
  end
end

-- A message bears the obligation that it would open, where it opens none: an answer may yet come between.
local function bear(message, duty)
  redis.call('HSET', key.message(message), 'duty', cjson.encode(duty))
end

-- An earlier message takes the place of the one that opened this; answers the state it was in. `counts`: whether the
-- later one would still count for the rate.
local function take_back(conversation, seller, obligation, counts)
  local name = key.obligation(obligation)
  local found = redis.call('HMGET', name, 'shop', 'kind', 'order', 'deadline', 'policy', 'plan', 'counts', 'message', 'state')
  for _, verdict in ipairs({ 'met', 'missed' }) do
    redis.call('ZREM', key.ledger(found[1], found[2], verdict), obligation)
  end
  redis.call('ZREM', key.open_(conversation), obligation)
  redis.call('ZREM', key.owed(seller), obligation)
  redis.call('ZREM', key.agenda(), 'obligation/' .. obligation)
  redis.call('DEL', name)
  bear(found[8], {
    id = obligation, kind = found[2], order = found[3], deadline = found[4], policy = found[5], plan = found[6],
    counts = counts and found[7] or '0',
  })
  return found[9]
end

-- The message that the card shows: of what the buyer wrote since they were last answered, the one that opened last.
local function ask(conversation)
  local earliest, newer = {}, false
  for _, id in ipairs(redis.call('ZREVRANGE', key.messages(conversation), 0, RUN - 1)) do
    local found = redis.call('HMGET', key.message(id), 'asks', 'state', 'sent_at')
    if found[1] then
      earliest[found[1]] = { id = id, sent_at = tonumber(found[3]) }
      newer = true
    elseif newer and found[2] == 'sent' then
      break
    end
  end
  local asked
  for _, opener in pairs(earliest) do
    if not asked or opener.sent_at > asked.sent_at or (opener.sent_at == asked.sent_at and opener.id > asked.id) then
      asked = opener
    end
  end
  if asked then
    redis.call('HSET', key.conversation(conversation), 'asked', asked.id)
  end
end

-- A message that opens an obligation rings, also if it was shown before as one that opened none.
local function ring_for(conversation, seller, message, wall)
  each_room(seller, function(room, lane)
    if redis.call('HEXISTS', key.cards(conversation), room) == 0 then
      return
    end
    local quiet = key.delivery(message .. '-' .. room .. '-message')
    if redis.call('HGET', quiet, 'state') == 'pending' then
      redis.call('HSET', quiet, 'loud', '1')
      return
    end
    enqueue(message .. '-' .. room .. '-owed', lane, strand_of(conversation, room), CARD, wall, {
      'kind', 'message', 'conversation', conversation, 'message', message, 'room', room, 'loud', '1',
    })
  end)
end

-- What the buyer wrote after an answer was written is owed one of its own, though it was told before the answer.
local function reopen(conversation, seller, answered, wall)
  local shop = redis.call('HGET', key.conversation(conversation), 'shop')
  for _, message in ipairs(redis.call('ZRANGEBYSCORE', key.messages(conversation), '(' .. answered, '+inf')) do
    local found = redis.call('HMGET', key.message(message), 'asks', 'duty', 'sent_at')
    if found[2] and not open_of(conversation, found[1]) then
      open_duty(conversation, seller, shop, message, tonumber(found[3]), cjson.decode(found[2]), nil, wall)
      redis.call('HDEL', key.message(message), 'duty')
      ring_for(conversation, seller, message, wall)
    end
  end
end
