#!lua
-- A seller opens, and is found by whoever looks at all of them. Answers done.
local seller = ARGV[1]
local fields = cjson.decode(ARGV[2])
local moments = cjson.decode(ARGV[3]) -- {moment, when}

redis.call('HSET', key.seller(seller), unpack(fields))
redis.call('SADD', key.sellers(), seller)
for _, each in ipairs(moments) do
  redis.call('ZADD', key.agenda(), each[2], each[1])
end
return 'done'
