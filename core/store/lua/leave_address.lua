#!lua
-- An address is free again, if it was this room's. Answers done, or repeated.
local room = ARGV[1]

if redis.call('GET', key.home()) ~= room then
  return 'repeated'
end
redis.call('DEL', key.home())
return 'done'
