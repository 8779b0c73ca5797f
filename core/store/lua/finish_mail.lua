#!lua
-- A box's first mail was read (done), is to be read again at `at` (later: it failed; waits: it was no fault of its own),
-- or cannot be read (unread). Answers done, or stale (this was told before, or another worker took it since).
local wall = tonumber(ARGV[1])
local box = ARGV[2]
local token = ARGV[3]
local outcome = ARGV[4]
local at = tonumber(ARGV[5])
local keep = tonumber(ARGV[6])

local tries = key.tries(box)
if redis.call('HGET', tries, 'token') ~= token then
  return 'stale'
end
if outcome == 'later' or outcome == 'waits' then
  redis.call('HDEL', tries, 'token')
  if outcome == 'waits' then
    redis.call('HINCRBY', tries, 'strikes', -1)
  end
  redis.call('ZADD', key.boxes(), at, box)
  return 'done'
end
local mail = redis.call('LPOP', key.box(box))
if outcome == 'unread' then
  redis.call('LPUSH', key.unread(), mail)
  redis.call('LTRIM', key.unread(), 0, keep - 1)
end
redis.call('DEL', tries)
if redis.call('EXISTS', key.box(box)) == 1 then
  redis.call('ZADD', key.boxes(), wall, box)
  redis.call('PUBLISH', 'sb:wake', TAG)
else
  redis.call('ZREM', key.boxes(), box)
end
return 'done'
