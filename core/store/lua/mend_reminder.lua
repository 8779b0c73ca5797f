#!lua
-- What a room is to be reminded of gets a delivery that takes it there. Answers done, or repeated (there is one, or
-- nothing is to be said).
local room = ARGV[1]
local obligation = ARGV[2]
local wall = tonumber(ARGV[3])
-- @include queue
-- @include rooms
-- @include obligations
-- @include nudges

local conversation = redis.call('HGET', key.obligation(obligation), 'of')
local seller = conversation and redis.call('HGET', key.conversation(conversation), 'seller')
local lane = seller and redis.call('HGET', key.rooms(seller), room)
if not lane or not redis.call('ZSCORE', key.nudges(room), obligation) then
  return 'repeated'
end
carry_nudges(obligation, room, lane, wall)
ring()
return 'done'
