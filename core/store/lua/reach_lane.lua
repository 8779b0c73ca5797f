#!lua
-- The platform says that a room can be reached again, or no more: its lane resumes at once, or pauses.
-- Answers done, or repeated (it was known).
local wall = tonumber(ARGV[1])
local lane = ARGV[2]
local reachable = ARGV[3] == "1"
local problem = ARGV[4]
local retry_at = tonumber(ARGV[5])
-- @include queue

local had = redis.call('HEXISTS', key.lane(lane), 'lost') == 1
if reachable then
  redis.call('HDEL', key.lane(lane), 'lost', 'pause')
  redis.call('DEL', key.failing(lane))
else
  redis.call('HSET', key.lane(lane), 'lost', problem, 'pause', retry_at)
end
touch(lane, wall)
ring()
return had == (not reachable) and 'repeated' or 'done'
