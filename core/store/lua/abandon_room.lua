#!lua
-- The address belongs to another room: the promise is taken back, and the code may be used elsewhere.
local room = ARGV[1]
local moment = ARGV[2]

local name = key.room(room)
local found = redis.call('HMGET', name, 'state', 'code')
redis.call('ZREM', key.agenda(), moment)
if found[1] ~= 'linking' then
  return 'repeated'
end
redis.call('HDEL', key.link(found[2]), 'room', 'address')
redis.call('DEL', name)
return 'done'
