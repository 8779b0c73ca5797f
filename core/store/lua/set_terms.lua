#!lua
-- The settings of a seller change, or the habits of one of its members. Where plans are made from what changed, `terms`
-- of the seller and of all its shops rise, and a moment walks what is owed. The moments of its digests are set anew.
-- Answers done, repeated (all is so already), stale (something else changed meanwhile), or missing (no such seller).
local now = tonumber(ARGV[1])
local seller = ARGV[2]
local terms = ARGV[3] -- the version that the change was worked out from
local fields = cjson.decode(ARGV[4])
local who = ARGV[5] -- the member whose habits change; empty: nobody's
local habits = ARGV[6] -- empty: none any more
local replans = ARGV[7] == "1"
local moments = cjson.decode(ARGV[8]) -- {moment, when or ''}
-- @include queue
-- @include persons

local name = key.seller(seller)
if redis.call('EXISTS', name) == 0 then
  return 'missing'
end
local is_so = who == '' or (redis.call('HGET', key.habits(seller), who) or '') == habits
for i = 1, #fields, 2 do
  is_so = is_so and redis.call('HGET', name, fields[i]) == fields[i + 1]
end
if is_so then
  return 'repeated'
end
if (redis.call('HGET', name, 'terms') or '0') ~= terms then
  return 'stale'
end
if #fields > 0 then
  redis.call('HSET', name, unpack(fields))
end
if who ~= '' then
  set_for(key.habits, seller, who, habits)
end
for _, each in ipairs(moments) do
  if each[2] == '' then
    redis.call('ZREM', key.agenda(), each[1])
  else
    redis.call('ZADD', key.agenda(), each[2], each[1])
  end
end
if replans then
  local version = redis.call('HINCRBY', name, 'terms', 1)
  for _, shop in ipairs(redis.call('SMEMBERS', key.shops(seller))) do
    redis.call('HSET', key.shop(shop), 'terms', version)
  end
  redis.call('ZADD', key.agenda(), now, 'replan/' .. seller)
  woken = true
end
ring()
return 'done'
