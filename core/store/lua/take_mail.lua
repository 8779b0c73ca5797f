#!lua
-- The first mail of each box that may be read now, with a lease on its box: mail of one chat is read in order.
-- Answers {instant of the next box or '', {box, how often this mail was taken, mail}, …}.
local wall = tonumber(ARGV[1])
local lease = tonumber(ARGV[2])
local limit = tonumber(ARGV[3])
local tries_ttl = tonumber(ARGV[4])

local taken = {}
for _, box in ipairs(redis.call('ZRANGEBYSCORE', key.boxes(), '-inf', wall, 'LIMIT', 0, limit)) do
  local mail = redis.call('LINDEX', key.box(box), 0)
  if mail then
    redis.call('ZADD', key.boxes(), wall + lease, box)
    local tries = redis.call('INCR', key.tries(box))
    redis.call('EXPIRE', key.tries(box), tries_ttl)
    taken[#taken + 1] = { box, tries, mail }
  else
    redis.call('ZREM', key.boxes(), box)
  end
end
local first = redis.call('ZRANGE', key.boxes(), 0, 0, 'WITHSCORES')
return { first[2] or '', taken }
