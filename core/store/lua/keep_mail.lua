#!lua
-- Mail of a chat, kept before it is acknowledged. With a `lease`, whoever keeps it reads it at once where nothing of its
-- chat comes before it: then it is taken, as `take_mail` takes it, under the token of its telling.
-- Answers done, taken, or duplicate (it came before, in another telling).
local wall = tonumber(ARGV[1])
local box = ARGV[2]
local happened = ARGV[3]
local seen_ttl = tonumber(ARGV[4])
local mail = ARGV[5]
local telling = ARGV[6]
local tries_ttl = tonumber(ARGV[7])
local lease = tonumber(ARGV[8]) -- 0: it is left to whoever comes
-- @include mail

if not redis.call('SET', key.seen(happened), telling, 'NX', 'EX', seen_ttl) then
  if redis.call('GET', key.seen(happened)) ~= telling then
    return 'duplicate'
  end
  return redis.call('HGET', key.tries(box), 'token') == telling and 'taken' or 'done'
end
if redis.call('RPUSH', key.box(box), mail) == 1 then
  if lease > 0 then
    take(box, wall, lease, telling, tries_ttl)
    return 'taken'
  end
  redis.call('ZADD', key.boxes(), wall, box)
  redis.call('PUBLISH', 'sb:wake', TAG)
end
return 'done'
