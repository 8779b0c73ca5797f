#!lua
-- Takes or renews what must run once, or gives it up (`seconds` 0). Answers held, or taken (by another process).
local holder = ARGV[1]
local seconds = tonumber(ARGV[2])

local current = redis.call('GET', key.holder())
if current and current ~= holder then
  return 'taken'
end
if seconds == 0 then
  redis.call('DEL', key.holder())
else
  redis.call('SET', key.holder(), holder, 'EX', seconds)
end
return 'held'
