#!lua
-- All quick responses of a seller, in one round trip: {each, its id and its value…}, {each, its id and its uses…}.
local seller = ARGV[1]

return {
  redis.call('HGETALL', key.quick_responses(seller)),
  redis.call('ZRANGE', key.quick_uses(seller), 0, -1, 'WITHSCORES'),
}
