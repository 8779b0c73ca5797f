#!lua
-- Who may answer buyers from a room. Answers done, or missing (no such room).
local room = ARGV[1]
local answerers = ARGV[2]

if redis.call('EXISTS', key.room(room)) == 0 then
  return 'missing'
end
redis.call('HSET', key.room(room), 'answerers', answerers)
return 'done'
