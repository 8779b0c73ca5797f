#!lua
-- Something was told of a shop's availability, by the marketplace or by a member. From now on the shop's rules are
-- other ones; what the change may have touched is worked out anew by a moment of its own.
-- Answers accepted, duplicate, or missing (no such shop).
local now = tonumber(ARGV[1])
local event = ARGV[2]
local event_ttl = tonumber(ARGV[3])
local shop = ARGV[4]
local name = ARGV[5]
local stamp = ARGV[6]
local value = ARGV[7] -- its stamp, and of an absence its start and more
local since = tonumber(ARGV[8]) -- from when on what was received may be touched
-- @include queue

if redis.call('EXISTS', key.shop(shop)) == 0 then
  return 'missing'
end
if not redis.call('SET', key.event(event), '1', 'NX', 'EX', event_ttl) then
  return 'duplicate'
end
local was = redis.call('HGET', key.absences(shop), name)
if was and string.sub(was, 1, #stamp) > stamp then
  return 'accepted' -- Older than the word we have of it.
end
redis.call('HSET', key.absences(shop), name, value)
redis.call('HINCRBY', key.shop(shop), 'rules', 1)
local was_from = was and tonumber(string.match(was, '^%S+ (%d+)')) -- as it was told before
redis.call('ZADD', key.agenda(), now, string.format('recount/%s/%d', shop, math.min(since, was_from or since)))
woken = true
ring()
return 'accepted'
