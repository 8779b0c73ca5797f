#!lua
-- Where a shop's replies go, or what signs its traffic, is another now: what waits for the marketplace is tried at once.
-- Answers done, or missing (no such shop).
local wall = tonumber(ARGV[1])
local shop = ARGV[2]
local fields = cjson.decode(ARGV[3])
-- @include queue

if redis.call('EXISTS', key.shop(shop)) == 0 then
  return 'missing'
end
local lane = 'shop/' .. shop
redis.call('HSET', key.shop(shop), unpack(fields))
redis.call('HDEL', key.lane(lane), 'lost', 'lost_by', 'pause', 'asked')
redis.call('DEL', key.failing(lane))
for _, strand in ipairs(redis.call('ZRANGE', key.waiting(lane), 0, -1)) do
  redis.call('ZREM', key.waiting(lane), strand)
  go_on(lane, strand, wall)
end
touch(lane, wall)
ring()
return 'done'
