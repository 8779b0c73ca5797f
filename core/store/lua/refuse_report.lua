#!lua
-- The marketplace does not take a spam report, or not its taking back: every room is told in its words. What was reported is
-- owed as before; what was to be taken back is spam as before.
-- Answers fold, done, or stale (another worker has it).
local wall = tonumber(ARGV[1])
local now = tonumber(ARGV[2])
local delivery = ARGV[3]
local token = ARGV[4]
local message = ARGV[5]
local problem = ARGV[6]
-- @include queue
-- @include rooms
-- @include told
-- @include obligations
-- @include reports

local carried = redis.call('HMGET', key.delivery(delivery), 'token', 'told')
if carried[1] ~= token then
  return 'stale'
end
local it = report_of(message)
local word = 'done'
if carried[2] == 'reported' and it.state == 'withdrawing' then
  forget_report(message, it.conversation)
elseif carried[2] == 'reported' and it.state == 'reporting' then
  redis.call('HSET', key.message(message), 'spam', 'refused', 'spam_problem', problem)
  report_ends(message, it.conversation)
  note_report(message, it, 'report_refused', nil, wall)
elseif it.state == 'withdrawing' then
  local undone = redis.call('HGET', key.message(message), 'spam_undo')
  if undone then
    redis.call('HDEL', key.marks(it.conversation), undone)
    redis.call('HINCRBY', key.conversation(it.conversation), 'facts', 1)
    fold_later(it.conversation, now)
    word = 'fold'
  end
  redis.call('HDEL', key.message(message), 'spam_undo')
  redis.call('HSET', key.message(message), 'spam', undone and 'reported' or 'refused', 'spam_problem', problem)
  note_report(message, it, 'withdrawal_refused', nil, wall)
end
report_carried(delivery, wall)
redraw_everywhere(it.conversation, it.seller, wall)
ring()
return word
