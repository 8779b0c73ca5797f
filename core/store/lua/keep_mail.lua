#!lua
-- Mail of a chat, kept before it is acknowledged. Answers done, or duplicate (it came before, in another telling).
local wall = tonumber(ARGV[1])
local box = ARGV[2]
local happened = ARGV[3]
local seen_ttl = tonumber(ARGV[4])
local mail = ARGV[5]
local telling = ARGV[6]

if not redis.call('SET', key.seen(happened), telling, 'NX', 'EX', seen_ttl) then
  return redis.call('GET', key.seen(happened)) == telling and 'done' or 'duplicate'
end
if redis.call('RPUSH', key.box(box), mail) == 1 then
  redis.call('ZADD', key.boxes(), wall, box)
  redis.call('PUBLISH', 'sb:wake', TAG)
end
return 'done'
