#!lua
-- What a walk of the auditor found, from the process that holds its role. Answers done, repeated (the same walk told
-- again), or stale (another process holds it).
local process = ARGV[1]
local walked_at = ARGV[2]
local fields = cjson.decode(ARGV[3])
local totals = cjson.decode(ARGV[4]) -- {field, by how much}

if redis.call('GET', key.holder()) ~= process then
  return 'stale'
end
if redis.call('HGET', key.audit(), 'walked_at') == walked_at then
  return 'repeated'
end
redis.call('HSET', key.audit(), 'walked_at', walked_at, unpack(fields))
for _, total in ipairs(totals) do
  redis.call('HINCRBY', key.audit(), total[1], total[2])
end
return 'done'
