#!lua
-- The platform says that a room can be reached again, or no more: its lane resumes at once, or pauses.
-- Answers done, or repeated (it was known from another telling).
local wall = tonumber(ARGV[1])
local lane = ARGV[2]
local reachable = ARGV[3] == "1"
local problem = ARGV[4]
local retry_at = tonumber(ARGV[5])
local operation = ARGV[6]
-- @include queue

local known = redis.call('HMGET', key.lane(lane), 'lost', 'lost_by')
local news = not known[1] ~= reachable or known[2] == operation
if reachable then
  redis.call('HDEL', key.lane(lane), 'lost', 'lost_by', 'pause', 'asked')
  redis.call('DEL', key.failing(lane))
else
  redis.call('HSET', key.lane(lane), 'lost', problem, 'pause', retry_at, 'asked', '1')
  redis.call('HSETNX', key.lane(lane), 'lost_by', operation)
end
touch(lane, wall)
ring()
return news and 'done' or 'repeated'
