#!lua
-- What a member searched the inbox for, or begins to choose there, is kept for a while. Told twice, it stays as it is.
local selection = ARGV[1]
local seconds = tonumber(ARGV[2])
local fields = cjson.decode(ARGV[3])

if redis.call('EXISTS', key.selection(selection)) == 0 then
  redis.call('HSET', key.selection(selection), 'chosen', '', unpack(fields))
end
redis.call('EXPIRE', key.selection(selection), seconds)
return 'done'
