#!lua
-- Something was told of a shop's availability, by the marketplace or by a member. What it may have touched is worked out
-- anew by a moment of its own; what the marketplace says of itself is held against what it was told by another one.
-- Answers accepted, duplicate, or missing (no such shop).
local now = tonumber(ARGV[1])
local event = ARGV[2]
local event_ttl = tonumber(ARGV[3])
local shop = ARGV[4]
local name = ARGV[5]
local stamp = ARGV[6]
local value = ARGV[7] -- its stamp, and of an absence its start and more
local since = tonumber(ARGV[8]) -- from when on what was received may be touched
local by_site = ARGV[9] == "1"
-- @include queue
-- @include absences

if redis.call('EXISTS', key.shop(shop)) == 0 then
  return 'missing'
end
if not redis.call('SET', key.event(event), '1', 'NX', 'EX', event_ttl) then
  return 'duplicate'
end
if tell_absence(shop, name, stamp, value, since, now) and by_site then
  local was = redis.call('HGET', key.availability(shop), 'site')
  if not was or string.sub(was, 1, #stamp) < stamp then
    redis.call('HSET', key.availability(shop), 'site', value)
    redis.call('ZADD', key.agenda(), now, 'availability/' .. shop)
  end
end
ring()
return 'accepted'
