#!lua
-- What a conversation holds of before `cutoff` goes, the oldest first, as far as no obligation among it is younger: the
-- messages, what was owed for them and what was done about it. That something was said, and when, stays.
-- Answers done, or more (run it again).
local conversation = ARGV[1]
local cutoff = tonumber(ARGV[2])
local most = tonumber(ARGV[3])
-- @include obligations
-- @include past
-- @include cards

local name = key.conversation(conversation)
local heads = redis.call('HMGET', name, 'seller', 'shop', 'open', 'past', 'in_inbox', 'in_order', 'sending')
local seller, shop = heads[1], heads[2]
local said_last = newest(heads[5] or '', heads[6] or '')
local past = past_of(heads[4])

-- Of every instant that it has; one that is owed goes when its buyer has not written since either.
local function is_old(duty)
  for i = 2, 6 do
    if (tonumber(duty[i] or '') or 0) >= cutoff then
      return false
    end
  end
  return not (duty[1] == 'open' or duty[1] == 'breached') or (said_last or 0) < cutoff
end

local function forget(message, said)
  redis.call('DEL', key.message(message))
  redis.call('ZREM', key.messages(conversation), message)
  local sort = said[1] ~= '1' and 's' or (kind_of(said[2]) == 'order' and 'o' or 'i')
  if sort ~= 's' or said[4] == 'sent' then
    remember(past, sort, tonumber(sort == 's' and said[5] or said[3]))
  end
end

local function forget_duty(obligation, asks)
  redis.call('DEL', key.obligation(obligation))
  redis.call('ZREM', key.owed(seller), obligation)
  redis.call('ZREM', key.agenda(), obligation)
  enter(obligation, shop, kind_of(asks), 0, nil)
  await_entry(obligation, shop, false)
end

local owed = {}
each_owed(heads[3], function(obligation)
  owed[obligation] = true
end)
local messages = redis.call('ZRANGEBYSCORE', key.messages(conversation), '-inf', '(' .. cutoff, 'LIMIT', 0, most)
local gone = 0
for _, message in ipairs(messages) do
  local said = redis.call('HMGET', key.message(message), 'incoming', 'asks', 'sent_at', 'state', 'accepted_at')
  if message == heads[7] then
    break -- Still on its way.
  end
  local obligation = obligation_of(message)
  local duty = redis.call('HMGET', key.obligation(obligation), 'state', 'at', 'due', 'answered', 'ended', 'from')
  if duty[1] then
    if not is_old(duty) then
      break
    end
    forget_duty(obligation, said[2])
    owed[obligation] = nil
  end
  forget(message, said)
  gone = gone + 1
end
if gone == 0 then
  return 'done'
end

local left = redis.call('ZRANGE', key.messages(conversation), 0, 0, 'WITHSCORES')
local begins = tonumber(left[2] or math.huge)
local still_owed = {}
for obligation in pairs(owed) do
  still_owed[#still_owed + 1] = obligation
end
table.sort(still_owed)
redis.call('HSET', name, 'past', past_text(past))
redis.call('HINCRBY', name, 'facts', 1)
if #still_owed > 0 then
  redis.call('HSET', name, 'open', table.concat(still_owed, ' '))
else
  redis.call('HDEL', name, 'open')
end

-- Marks of what is no more. Of each order its last state stays.
local function forget_marks()
  local marks = redis.call('HGETALL', key.marks(conversation))
  local newest_of = {}
  for i = 1, #marks, 2 do
    local stamp, order = string.match(marks[i], '^order/([^/]+)/(.*)$')
    if stamp and stamp > (newest_of[order] or '') then
      newest_of[order] = stamp
    end
  end
  for i = 1, #marks, 2 do
    local sort, stamp, about = string.match(marks[i], '^(%l+)/([^/]+)/(.*)$')
    local at = tonumber(sort == 'waive' and marks[i + 1] or string.sub(stamp or '', 1, 13)) or cutoff
    local is_needed = (sort == 'spam' and redis.call('EXISTS', key.message(about)) == 1)
      or (sort == 'order' and newest_of[about] == stamp) or (sort == 'waive' and at >= begins)
    if at < cutoff and not is_needed then
      redis.call('HDEL', key.marks(conversation), marks[i])
    end
  end
end

if left[1] then
  forget_marks()
else
  -- Its stub stays: that there was such a conversation, and when something was said.
  redis.call('DEL', key.marks(conversation))
  forget_cards(conversation)
  redis.call('ZREM', key.agenda(), text_moment(conversation))
  redis.call('HDEL', name, 'buyer', 'buyer_at', 'order', 'order_at', 'url', 'url_at', 'asked', 'marked', 'odd')
end
return #messages == most and gone == most and 'more' or 'done'
