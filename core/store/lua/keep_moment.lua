#!lua
-- A moment that takes long is still being carried out. Answers done, or missing (it was finished).
local moment = ARGV[1]
local until_at = tonumber(ARGV[2])

if not redis.call('ZSCORE', key.agenda(), moment) then
  return 'missing'
end
redis.call('ZADD', key.agenda(), 'XX', until_at, moment)
return 'done'
