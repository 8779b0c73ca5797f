#!lua
-- A text that waits for its writer's decision. Told twice it is one draft, whatever was decided of it. Answers done.
local draft = ARGV[1]
local seconds = tonumber(ARGV[2])
local fields = cjson.decode(ARGV[3])

if redis.call('EXISTS', key.draft(draft)) == 0 then
  redis.call('HSET', key.draft(draft), 'outcome', '', unpack(fields))
  redis.call('EXPIRE', key.draft(draft), seconds)
end
return 'done'
