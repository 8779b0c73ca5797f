-- @include holds
-- Spam reports stand on the message that they are about: `spam` (their state), `spam_why`, `spam_by`, `spam_at`,
-- `spam_problem`, `spam_until` (when the time to report it ends), `spam_n` (how many there were), `spam_undo` (the mark by which the last was taken back), `spam_op` and
-- `spam_said` (the last thing that a member did about it, and what they were answered). A conversation knows the message of a report
-- that is not accepted yet as `reporting`. Needs `queue`, `rooms`, `told` and `obligations`.
local function report_of(message)
  local found = redis.call('HMGET', key.message(message), 'conversation', 'incoming', 'spam', 'spam_op', 'spam_said', 'spam_n',
    'start')
  local about = redis.call('HMGET', key.conversation(found[1] or ''), 'seller', 'shop')
  return {
    conversation = found[1], incoming = found[2] == '1' and not found[7], state = found[3], operation = found[4], said = found[5],
    number = tonumber(found[6] or '0'), seller = about[1], shop = about[2],
  }
end

-- Whether it is spam by all that is known, also where the marketplace told it.
local function is_spam(message)
  local it = redis.call('HMGET', key.obligation(obligation_of(message)), 'by', 'why')
  return it[1] == 'spam' or it[2] == 'spam'
end

-- What a member is answered, also when this is executed once more.
local function answered(message, operation, said)
  redis.call('HSET', key.message(message), 'spam_op', operation, 'spam_said', said)
  return said
end

local function report_moment(message)
  return 'report/' .. message
end

-- Nobody waits for the marketplace's word any more.
local function report_ends(message, conversation)
  if redis.call('HGET', key.conversation(conversation), 'reporting') == message then
    redis.call('HDEL', key.conversation(conversation), 'reporting')
  end
  redis.call('ZREM', key.agenda(), report_moment(message))
end

local function forget_report(message, conversation)
  redis.call('HDEL', key.message(message), 'spam', 'spam_why', 'spam_by', 'spam_at', 'spam_problem', 'spam_until', 'spam_undo')
  report_ends(message, conversation)
end

local function report_delivery(message, number, told)
  return string.format('%s-%s-%d', message, told, number)
end

-- Reports of a conversation and what takes them back go in their order, and wait for no reply.
local function tell_marketplace(message, it, told, reason, by, at, wall)
  enqueue(report_delivery(message, it.number, told), 'shop/' .. it.shop, it.conversation .. '-spam', CARD, wall, {
    'kind', 'spam', 'conversation', it.conversation, 'message', message, 'shop', it.shop, 'told', told,
    'reason', reason, 'reporter', by, 'said_at', at,
  })
end

-- A line beside the card in every room that shows the conversation.
local function note_report(message, it, outcome, about, wall)
  each_room(it.seller, function(room, lane)
    if redis.call('HEXISTS', key.conversation(it.conversation), room) == 1 then
      enqueue(string.format('%s-%s-%s-%d', message, room, outcome, it.number), lane, strand_of(it.conversation, room), RECEIPT, wall, {
        'kind', 'receipt', 'conversation', it.conversation, 'message', about or message, 'room', room, 'outcome', outcome,
        'reported', message,
      })
    end
  end)
end

-- Takes a delivery back that surely did not happen: it waits for its first try, or for its next. Answers whether it did.
local function call_back(delivery, wall)
  local state = redis.call('HGET', key.delivery(delivery), 'state')
  if state ~= 'pending' and state ~= 'held' then
    return false
  end
  call_off(delivery, wall)
  return true
end

-- What the marketplace has no reply of yet goes no more; what may be on its way goes on. Answers what was met of them: both,
-- dropped, or nothing.
local function meet_replies(message, it, wall)
  local met
  local lane = 'shop/' .. it.shop
  for _, reply in ipairs(redis.call('LRANGE', key.strand(lane, it.conversation), 0, -1)) do
    if call_back(reply, wall) then
      redis.call('HSET', key.message(reply), 'state', 'dropped', 'problem', '')
      met = met or 'dropped'
      note_report(message, it, 'dropped', reply, wall)
    else
      met = 'both'
      note_report(message, it, 'both', reply, wall)
    end
  end
  if met == 'dropped' then
    redis.call('HDEL', key.conversation(it.conversation), 'sending', 'held')
  end
  return met
end

-- The marketplace said what became of it: its delivery is needed no more, and its lane is well.
local function report_carried(delivery, wall)
  local found = redis.call('HMGET', key.delivery(delivery), 'lane', 'strand')
  if found[1] then
    redis.call('DEL', key.delivery(delivery))
    recovered(found[1], wall)
    advance(delivery, found[1], found[2], wall)
    touch(found[1], wall)
  end
end
