#!lua
-- What is to be done about a selection, what was shown of it, and what was done. Answers done, or missing.
local selection = ARGV[1]
local fields = cjson.decode(ARGV[2])

if redis.call('EXISTS', key.selection(selection)) == 0 then
  return 'missing'
end
redis.call('HSET', key.selection(selection), unpack(fields))
return 'done'
