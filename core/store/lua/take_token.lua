#!lua
-- One token of a platform's budget: `burst` at once, then one every `refill` milliseconds.
-- Answers the wall instant from which the call may be made: now, or later (nothing is taken then).
local wall = tonumber(ARGV[1])
local refill = tonumber(ARGV[2])
local burst = tonumber(ARGV[3])
local lifetime = tonumber(ARGV[4])

local had = redis.call('HMGET', key.tokens(), 'tokens', 'at')
local tokens = burst
if had[1] then
  tokens = math.min(burst, tonumber(had[1]) + math.max(0, wall - tonumber(had[2])) / refill)
end
if tokens < 1 then
  return math.ceil(wall + (1 - tokens) * refill)
end
redis.call('HSET', key.tokens(), 'tokens', tostring(tokens - 1), 'at', wall)
redis.call('EXPIRE', key.tokens(), lifetime)
return wall
