#!lua
-- A draft's outcome is decided once. Answers done, repeated (the same outcome), the other outcome, or missing.
local draft = ARGV[1]
local outcome = ARGV[2]

local had = redis.call('HGET', key.draft(draft), 'outcome')
if not had then
  return 'missing'
end
if had == outcome then
  return 'repeated'
end
if had ~= '' then
  return had
end
redis.call('HSET', key.draft(draft), 'outcome', outcome)
return 'done'
