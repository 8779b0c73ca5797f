#!lua
-- A spam report is accepted, by the marketplace or by the word of a member who made it there; or its taking back is. What
-- follows is worked out from the history. A report that is being taken back leaves no mark: what it was about is owed.
-- Answers fold, done, or missing (no such message of this seller).
local wall = tonumber(ARGV[1])
local now = tonumber(ARGV[2])
local seller = ARGV[3]
local message = ARGV[4]
local delivery = ARGV[5] -- empty where a member says it
local told = ARGV[6] -- reported or withdrawn
local accepted_at = tonumber(ARGV[7])
local name = ARGV[8] -- of the mark
local by = ARGV[9] -- who says so; empty: the marketplace
-- @include queue
-- @include rooms
-- @include told
-- @include obligations
-- @include reports

local it = report_of(message)
if it.seller ~= seller then
  return 'missing'
end
local word = 'done'
if told == 'withdrawn' and it.state == 'withdrawing' then
  forget_report(message, it.conversation)
elseif told == 'reported' and it.state == (by == '' and 'reporting' or 'by_hand') then
  redis.call('HSET', key.message(message), 'spam', 'reported', 'spam_at', accepted_at)
  if by ~= '' then
    redis.call('HSET', key.message(message), 'spam_by', by)
  end
  report_ends(message, it.conversation)
  mark(it.conversation, name, 'reported')
  redis.call('HSET', key.conversation(it.conversation), 'marked', '1')
  fold_later(it.conversation, now)
  note_report(message, it, by == '' and 'reported' or 'reported_by_hand', nil, wall)
  word = 'fold'
elseif told == 'reported' and it.state == 'reported' and (by == '' or redis.call('HGET', key.message(message), 'spam_by') == by) then
  word = 'fold' -- Told twice, it is done once.
end
if delivery ~= '' then
  report_carried(delivery, wall)
end
redraw_everywhere(it.conversation, seller, wall)
ring()
return word
