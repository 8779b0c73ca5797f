#!lua
-- A member reports a message as spam: it leaves the queue, and the marketplace is told; or, where that takes no reports, it
-- waits until somebody says that it was done there by hand. What is owed stays owed until then. A reply that surely was
-- not sent yet is dropped; one that may have been goes on beside it.
-- Answers reporting, dropped (and a reply with it), both (a reply is on its way), by_hand, repeated (it is reported), or missing
-- (no such message of this seller).
local wall = tonumber(ARGV[1])
local now = tonumber(ARGV[2])
local seller = ARGV[3]
local message = ARGV[4]
local operation = ARGV[5]
local reason = ARGV[6]
local by = ARGV[7]
local who = ARGV[8]
local sends = ARGV[9] == "1"
local report_by = ARGV[10] -- until when a report takes it out of the rate; empty: no limit is known
local warn_at = ARGV[11] -- when members are told that it is not accepted yet; empty: never
-- @include queue
-- @include rooms
-- @include told
-- @include claims
-- @include obligations
-- @include reports

local it = report_of(message)
if it.seller ~= seller or not it.incoming then
  return 'missing'
end
if it.operation == operation then
  return it.said
end
local waits = it.state and it.state ~= 'refused' and it.state ~= 'reported'
local follows = it.state == 'reported' and redis.call('ZSCORE', key.agenda(), 'fold/' .. it.conversation)
if waits or follows or is_spam(message) then
  return 'repeated'
end
it.number = redis.call('HINCRBY', key.message(message), 'spam_n', 1)
redis.call('HDEL', key.message(message), 'spam_problem', 'spam_undo')
redis.call('HSET', key.message(message), 'spam', sends and 'reporting' or 'by_hand', 'spam_why', reason, 'spam_by', by,
  'spam_at', now, 'spam_until', report_by)
redis.call('HSET', key.conversation(it.conversation), 'reporting', message)
heeded(it.conversation, who, now)
local said = sends and 'reporting' or 'by_hand'
if sends then
  tell_marketplace(message, it, 'reported', reason, by, now, wall)
end
local met = meet_replies(message, it, wall)
if sends and met then
  said = met
end
if warn_at ~= '' then
  redis.call('ZADD', key.agenda(), warn_at, report_moment(message))
end
redraw_everywhere(it.conversation, seller, wall)
ring()
return answered(message, operation, said)
