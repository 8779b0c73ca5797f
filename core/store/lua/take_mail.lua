#!lua
-- The first mail of each box that may be read now, with a lease on its box: mail of one chat is read in order.
-- Answers {instant of the next box or '', {box, strikes, since when it is tried, mail}, …}. A strike is a try that did
-- not end well, this one included until it does. Executed twice, it takes others the second time; what the first one
-- took is taken again when its lease has passed.
local wall = tonumber(ARGV[1])
local lease = tonumber(ARGV[2])
local limit = tonumber(ARGV[3])
local tries_ttl = tonumber(ARGV[4])
local token = ARGV[5]
-- @include mail

local taken = {}
for _, box in ipairs(redis.call('ZRANGEBYSCORE', key.boxes(), '-inf', wall, 'LIMIT', 0, limit)) do
  local mail = redis.call('LINDEX', key.box(box), 0)
  if mail then
    local strikes = take(box, wall, lease, token, tries_ttl)
    taken[#taken + 1] = { box, strikes, redis.call('HGET', key.tries(box), 'since'), mail }
  else
    redis.call('ZREM', key.boxes(), box)
  end
end
local first = redis.call('ZRANGE', key.boxes(), 0, 0, 'WITHSCORES')
return { first[2] or '', taken }
