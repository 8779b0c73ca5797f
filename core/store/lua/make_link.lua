#!lua
-- A link code is good until it is used or its time is up. Answers done.
local code = ARGV[1]
local seller = ARGV[2]
local role = ARGV[3]
local expires_at = tonumber(ARGV[4])
local lifetime = tonumber(ARGV[5])

redis.call('HSET', key.link(code), 'seller', seller, 'role', role, 'expires_at', expires_at)
redis.call('PEXPIRE', key.link(code), lifetime)
return 'done'
