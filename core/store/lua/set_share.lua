#!lua
-- What of all that a seller is asked is shown in a room, from now on; what is owed of it and is not there yet is shown
-- without a sound. Answers done, or missing (no such room).
local room = ARGV[1]
local share = ARGV[2] -- as `shares` reads it; empty: everything
local most = tonumber(ARGV[3])
local wall = tonumber(ARGV[4])
-- @include queue
-- @include rooms
-- @include obligations
-- @include shares

local seller = redis.call('HGET', key.room(room), 'seller')
local lane = seller and redis.call('HGET', key.rooms(seller), room)
if not lane then
  return 'missing'
end
if share == '' then
  redis.call('HDEL', key.room(room), 'share')
else
  redis.call('HSET', key.room(room), 'share', share)
end
for _, obligation in ipairs(redis.call('ZRANGE', key.owed(seller), 0, most - 1)) do
  local it = redis.call('HMGET', key.obligation(obligation), 'of', 'asks', 'quiet')
  if it[1] and not it[3] and is_shown(it[1], room, it[2]) then
    post_card(it[1], message_of(obligation), room, lane, wall, true)
  end
end
touch(lane, wall)
ring()
return 'done'
