#!lua
-- The room's address is its own: it is linked, its linker is a member, and it is shown what is owed. Who links a
-- seller's first room is its owner.
-- Answers done, repeated, or missing.
local wall = tonumber(ARGV[1])
local room = ARGV[2]
local lane = ARGV[3]
local pace = cjson.decode(ARGV[4])
local moment = ARGV[5]
local rank = cjson.decode(ARGV[6])
local most = tonumber(ARGV[7])
local notice = ARGV[8]
-- @include queue
-- @include rooms
-- @include obligations
-- @include persons

local name = key.room(room)
local found = redis.call('HMGET', name, 'seller', 'state', 'who', 'role')
redis.call('ZREM', key.agenda(), moment)
if not found[1] then
  return 'missing'
end
if found[2] == 'linked' then
  return 'repeated'
end
local seller, who, role = found[1], found[3], found[4]
redis.call('HSET', name, 'state', 'linked', 'linked_at', wall)
redis.call('HSET', key.rooms(seller), room, lane)
redis.call('HSET', key.lane(lane), unpack(pace))
redis.call('HDEL', key.lane(lane), 'pause', 'asked', 'lost', 'lost_by')
if redis.call('HLEN', key.members(seller)) == 0 then
  role = 'owner'
end
local had = redis.call('HGET', key.members(seller), who)
if not had or rank[role] > rank[had] then
  set_for(key.members, seller, who, role)
end
for _, obligation in ipairs(redis.call('ZRANGE', key.owed(seller), 0, most - 1)) do
  local conversation = redis.call('HGET', key.obligation(obligation), 'of')
  post_card(conversation, message_of(obligation), room, lane, wall)
end
local more = redis.call('ZCARD', key.owed(seller)) - most
if more > 0 then
  enqueue(notice, lane, notice, RECEIPT, wall, { 'kind', 'notice', 'room', room, 'about', 'more_wait', 'count', more })
end
touch(lane, wall)
ring()
return 'done'
