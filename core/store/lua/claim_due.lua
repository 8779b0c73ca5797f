#!lua
-- Moments that are due, each put off by `lease` so that another worker takes over if this one dies.
-- Answers {instant of the next moment or '', moment…}.
local now = tonumber(ARGV[1])
local lease = tonumber(ARGV[2])
local limit = tonumber(ARGV[3])

local due = redis.call('ZRANGEBYSCORE', key.agenda(), '-inf', now, 'LIMIT', 0, limit)
for _, moment in ipairs(due) do
  redis.call('ZADD', key.agenda(), now + lease, moment)
end
local first = redis.call('ZRANGE', key.agenda(), 0, 0, 'WITHSCORES')
return { first[2] or '', due }
