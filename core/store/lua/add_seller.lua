#!lua
-- A seller opens, and is found by whoever looks at all of them. Answers done.
local seller = ARGV[1]
local fields = cjson.decode(ARGV[2])

redis.call('HSET', key.seller(seller), unpack(fields))
redis.call('SADD', key.sellers(), seller)
return 'done'
