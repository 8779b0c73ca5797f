#!lua flags=no-writes
-- A seller with all its rooms and the habits of its members, in one round trip: {id, seller, habits, {{room, fields}, …}, persons}.
-- nil for a room that is no more.
local room = ARGV[1]

local seller = redis.call('HGET', key.room(room), 'seller')
if not seller then
  return false
end
local rooms = {}
for _, each in ipairs(redis.call('HKEYS', key.rooms(seller))) do
  rooms[#rooms + 1] = { each, redis.call('HGETALL', key.room(each)) }
end
return { seller, redis.call('HGETALL', key.seller(seller)), redis.call('HGETALL', key.habits(seller)), rooms,
  redis.call('HGETALL', key.persons(seller)) }
