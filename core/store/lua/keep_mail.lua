#!lua
-- Mail of a chat, kept before it is acknowledged. Answers done, or duplicate.
local wall = tonumber(ARGV[1])
local box = ARGV[2]
local happened = ARGV[3]
local seen_ttl = tonumber(ARGV[4])
local mail = ARGV[5]

if not redis.call('SET', key.seen(happened), '1', 'NX', 'EX', seen_ttl) then
  return 'duplicate'
end
if redis.call('RPUSH', key.box(box), mail) == 1 then
  redis.call('ZADD', key.boxes(), wall, box)
  redis.call('PUBLISH', 'sb:wake', TAG)
end
return 'done'
