#!lua
-- What is no obligation any more leaves the list of what is owed. Answers done, or repeated.
local seller = ARGV[1]
local obligation = ARGV[2]

if redis.call('EXISTS', key.obligation(obligation)) == 1 or redis.call('ZREM', key.owed(seller), obligation) == 0 then
  return 'repeated'
end
return 'done'
