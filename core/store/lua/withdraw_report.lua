#!lua
-- A message is no spam after all. What the marketplace has not heard of it never will; what it accepted is owed again at
-- once, and it is told, where it takes that.
-- Answers fold, done, free (it is no spam), or missing (no such message of this seller).
local wall = tonumber(ARGV[1])
local now = tonumber(ARGV[2])
local seller = ARGV[3]
local message = ARGV[4]
local operation = ARGV[5]
local by = ARGV[6]
local sends = ARGV[7] == "1"
local name = ARGV[8] -- of the mark
-- @include queue
-- @include rooms
-- @include told
-- @include obligations
-- @include reports

local it = report_of(message)
if it.seller ~= seller then
  return 'missing'
end
if it.operation == operation then
  return it.said
end
local word = 'done'
local why = redis.call('HGET', key.message(message), 'spam_why') or 'other'
local spam = is_spam(message)
if it.state == 'reporting' and not spam then
  if call_back(report_delivery(message, it.number, 'reported'), wall) then
    forget_report(message, it.conversation)
  else
    report_ends(message, it.conversation)
    redis.call('HSET', key.message(message), 'spam', 'withdrawing', 'spam_by', by, 'spam_at', now)
    tell_marketplace(message, it, 'withdrawn', why, by, now, wall)
  end
elseif (it.state == 'by_hand' or it.state == 'refused') and not spam then
  forget_report(message, it.conversation)
elseif spam and it.state ~= 'withdrawing' then
  mark(it.conversation, name, 'withdrawn')
  redis.call('HSET', key.conversation(it.conversation), 'marked', '1')
  fold_later(it.conversation, now)
  forget_report(message, it.conversation)
  if sends then
    it.number = redis.call('HINCRBY', key.message(message), 'spam_n', 1)
    redis.call('HSET', key.message(message), 'spam', 'withdrawing', 'spam_by', by, 'spam_at', now, 'spam_why', why,
      'spam_undo', name)
    tell_marketplace(message, it, 'withdrawn', why, by, now, wall)
  end
  word = 'fold'
else
  return 'free'
end
redraw_everywhere(it.conversation, seller, wall)
ring()
return answered(message, operation, word)
