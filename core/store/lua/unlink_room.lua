#!lua
-- The room is no longer the seller's: nothing more is sent there. Answers done, or missing.
local room = ARGV[1]
local lane = ARGV[2]

local seller = redis.call('HGET', key.room(room), 'seller')
if not seller then
  return 'missing'
end
redis.call('HDEL', key.rooms(seller), room)
redis.call('DEL', key.room(room), key.nudges(room), key.listed(room))
for _, other in ipairs(redis.call('HVALS', key.rooms(seller))) do
  if other == lane then
    return 'done' -- Another topic of the same chat goes on; what is queued for this room is dropped when claimed.
  end
end
for _, part in ipairs({ key.ready(lane), key.waiting(lane), key.flying(lane) }) do
  for _, strand in ipairs(redis.call('ZRANGE', part, 0, -1)) do
    for _, delivery in ipairs(redis.call('LRANGE', key.strand(lane, strand), 0, -1)) do
      redis.call('DEL', key.delivery(delivery))
    end
    redis.call('DEL', key.strand(lane, strand))
  end
  redis.call('DEL', part)
end
redis.call('DEL', key.failing(lane), key.lane(lane))
redis.call('ZREM', key.lanes(), lane)
return 'done'
