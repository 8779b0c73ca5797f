#!lua
-- Spends a link code and promises the room. Nothing is shown there before its address is its own: `confirm_room`.
-- A code that joins a person's chats promises nothing yet: whoever types it first is asked.
-- Answers {word, room, seller, person, name}: done, joins, or missing (never was, expired, used by somebody else).
local wall = tonumber(ARGV[1])
local code = ARGV[2]
local room = ARGV[3]
local address = ARGV[4]
local who = ARGV[5]
local room_fields = cjson.decode(ARGV[6])
local moment = ARGV[7]
local moment_at = tonumber(ARGV[8])

local name = key.link(code)
local found = redis.call('HMGET', name, 'seller', 'role', 'room', 'address', 'expires_at', 'person', 'name')
if not found[1] then
  return { 'missing' }
end
if found[6] then
  redis.call('HSETNX', name, 'asked', who)
  if tonumber(found[5]) <= wall or redis.call('HGET', name, 'asked') ~= who then
    return { 'missing' }
  end
  return { 'joins', '', found[1], found[6], found[7] }
end
if found[3] then -- Spent. The same wish told again gets the same outcome.
  if found[4] == address then
    return { 'done', found[3], found[1] }
  end
  return { 'missing' }
end
if tonumber(found[5]) <= wall then
  return { 'missing' }
end
local seller, role = found[1], found[2]
redis.call('HSET', name, 'room', room, 'address', address)
redis.call('EXPIRE', name, 86400)
redis.call('HSET', key.room(room), 'seller', seller, 'state', 'linking', 'code', code, 'who', who, 'role', role,
  unpack(room_fields))
redis.call('ZADD', key.agenda(), moment_at, moment)
return { 'done', room, seller }
