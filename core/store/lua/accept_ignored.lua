#!lua
-- An event of a type that we do not know: kept for a person to look at, and nothing else. Answers ignored, duplicate or missing.
local event = ARGV[1]
local event_ttl = tonumber(ARGV[2])
local shop = ARGV[3]
local body = ARGV[4]
local keep = tonumber(ARGV[5])
local keep_ttl = tonumber(ARGV[6])

if redis.call('EXISTS', key.shop(shop)) == 0 then
  return 'missing'
end
if not redis.call('SET', key.event(event), '1', 'NX', 'EX', event_ttl) then
  return 'duplicate'
end
redis.call('LPUSH', key.ignored(shop), body)
redis.call('LTRIM', key.ignored(shop), 0, keep - 1)
redis.call('EXPIRE', key.ignored(shop), keep_ttl)
return 'ignored'
