#!lua
-- A box's first mail was read (done), is to be read again at `at` (later), or cannot be read (unread).
-- Answers done, or stale (another worker took it since).
local wall = tonumber(ARGV[1])
local box = ARGV[2]
local tries = tonumber(ARGV[3])
local outcome = ARGV[4]
local at = tonumber(ARGV[5])
local keep = tonumber(ARGV[6])

if tonumber(redis.call('GET', key.tries(box)) or '0') ~= tries then
  return 'stale'
end
if outcome == 'later' then
  redis.call('ZADD', key.boxes(), at, box)
  return 'done'
end
local mail = redis.call('LPOP', key.box(box))
if outcome == 'unread' then
  redis.call('LPUSH', key.unread(), mail)
  redis.call('LTRIM', key.unread(), 0, keep - 1)
end
redis.call('DEL', key.tries(box))
if redis.call('EXISTS', key.box(box)) == 1 then
  redis.call('ZADD', key.boxes(), wall, box)
  redis.call('PUBLISH', 'sb:wake', TAG)
else
  redis.call('ZREM', key.boxes(), box)
end
return 'done'
