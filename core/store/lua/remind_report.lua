#!lua
-- The moment of a spam report has come: where it is not accepted yet, every room that shows it is told, and the moment comes
-- again at `next_at`, if it does. Answers done, or free (nothing is waited for any more).
local wall = tonumber(ARGV[1])
local message = ARGV[2]
local due = ARGV[3] -- the instant that has come
local next_at = ARGV[4]
-- @include queue
-- @include rooms
-- @include told
-- @include obligations
-- @include reports

local ALARM = 0
local it = report_of(message)
redis.call('ZREM', key.agenda(), report_moment(message))
if it.state ~= 'reporting' and it.state ~= 'by_hand' then
  return 'free'
end
if next_at ~= '' then
  redis.call('ZADD', key.agenda(), next_at, report_moment(message))
end
each_room(it.seller, function(room, lane)
  if (redis.call('HGET', key.conversation(it.conversation), room) or '') ~= '' then
    enqueue(message .. '-' .. room .. '-report-' .. due, lane, strand_of(it.conversation, room), ALARM, wall, {
      'kind', 'report_due', 'conversation', it.conversation, 'message', message, 'room', room,
    })
  end
end)
ring()
return 'done'
