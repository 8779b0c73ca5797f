#!lua
-- The moment of a claim has come: it lapses and every room is told, or it is looked at again at
-- `next_at`, or never.
-- Answers done, or stale (the claim is another one by now: its moment comes again).
local wall = tonumber(ARGV[1])
local conversation = ARGV[2]
local who = ARGV[3] -- who has claimed it as far as is known; empty: nobody
local acted = ARGV[4]
local lapses = ARGV[5] == "1"
local next_at = ARGV[6]
-- @include queue
-- @include rooms
-- @include claims

local ALARM = 0
local moment = 'lapse/' .. conversation
local found = redis.call('HMGET', key.conversation(conversation), 'claimed', 'acted', 'claimed_name', 'seller')
if (found[1] or '') ~= who or (found[2] or '') ~= acted then
  return 'stale'
end
redis.call('ZREM', key.agenda(), moment)
if next_at ~= '' then
  redis.call('ZADD', key.agenda(), next_at, moment)
end
if not lapses then
  return 'done'
end
claim_ends(conversation)
redraw_everywhere(conversation, found[4], wall)
each_room(found[4], function(room, lane)
  if (redis.call('HGET', key.conversation(conversation), room) or '') ~= '' then
    enqueue(conversation .. '-' .. room .. '-lapse-' .. acted, lane, strand_of(conversation, room), ALARM, wall, {
      'kind', 'lapse', 'conversation', conversation, 'room', room, 'claimant', who, 'claimant_name', found[3],
    })
  end
end)
ring()
return 'done'
