#!lua
-- A member claims a conversation, lets it go, or takes it over; the cards say so. The moment at which the claim may
-- lapse looks again what was done by then.
-- Answers done, repeated (it is theirs already), taken (it is somebody else's), free (it is nobody's), settled (nothing is
-- owed), or missing (no such conversation of this seller).
local wall = tonumber(ARGV[1])
local now = tonumber(ARGV[2])
local seller = ARGV[3]
local conversation = ARGV[4]
local who = ARGV[5]
local who_name = ARGV[6]
local choice = ARGV[7] -- claim, take or drop
local lapses_at = ARGV[8] -- empty: never
-- @include queue
-- @include rooms
-- @include claims

local name = key.conversation(conversation)
local found = redis.call('HMGET', name, 'seller', 'claimed', 'open')
local held = found[2]
local theirs = held and same_person(seller, held, who)
local moment = 'lapse/' .. conversation
if found[1] ~= seller then
  return 'missing'
end
if choice == 'drop' then
  if not theirs then
    return held and 'taken' or 'free'
  end
  claim_ends(conversation)
  redis.call('ZREM', key.agenda(), moment)
else
  if theirs then
    return 'repeated'
  elseif held and choice ~= 'take' then
    return 'taken'
  elseif not found[3] then
    return 'settled'
  end
  redis.call('HSET', name, 'claimed', who, 'claimed_name', who_name, 'claimed_at', now)
  heeded(conversation, who, now)
  if lapses_at ~= '' then
    redis.call('ZADD', key.agenda(), lapses_at, moment)
  end
end
redraw_everywhere(conversation, seller, wall)
ring()
return 'done'
