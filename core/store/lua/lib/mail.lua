-- The first mail of a box is taken, under a lease on the box. Answers how many tries of it did not end well, this one
-- included until it does.
local function take(box, wall, lease, token, tries_ttl)
  redis.call('ZADD', key.boxes(), wall + lease, box)
  local name = key.tries(box)
  redis.call('HSETNX', name, 'since', wall)
  redis.call('HSET', name, 'token', token)
  local strikes = redis.call('HINCRBY', name, 'strikes', 1)
  redis.call('EXPIRE', name, tries_ttl)
  return strikes
end
