#!lua
-- An address goes to the first room that wants it; from a room that is no more (`dead`) another takes it over.
-- Answers the room that has it.
local room = ARGV[1]
local dead = ARGV[2]

local holder = redis.call('GET', key.home())
if not holder or holder == dead then
  redis.call('SET', key.home(), room)
  return room
end
return holder
