#!lua
-- A code was redeemed in a room that is the seller's already: whoever did so gets the role that it carries, and the
-- promise of another room is taken back. Where they have as high a role, nothing changes and the code stays good.
-- Answers done, repeated (this was done before), or needless.
local room = ARGV[1]
local moment = ARGV[2]
local rank = cjson.decode(ARGV[3])
-- @include persons

local found = redis.call('HMGET', key.room(room), 'state', 'code', 'seller', 'who', 'role')
redis.call('ZREM', key.agenda(), moment)
if found[1] ~= 'linking' then
  return 'repeated'
end
local code, seller, who, role = found[2], found[3], found[4], found[5]
redis.call('DEL', key.room(room))
local had = redis.call('HGET', key.members(seller), who)
if had and rank[had] >= rank[role] then
  redis.call('HDEL', key.link(code), 'room', 'address')
  return 'needless'
end
set_for(key.members, seller, who, role)
return 'done'
