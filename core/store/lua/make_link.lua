#!lua
-- A link code is good until it is used or its time is up. Answers done.
local code = ARGV[1]
local seller = ARGV[2]
local role = ARGV[3]
local expires_at = tonumber(ARGV[4])
local lifetime = tonumber(ARGV[5])
local person = ARGV[6] -- whose other chat it joins; empty: it links a room
local name = ARGV[7]

redis.call('HSET', key.link(code), 'seller', seller, 'role', role, 'expires_at', expires_at)
if person ~= '' then
  redis.call('HSET', key.link(code), 'person', person, 'name', name)
end
redis.call('PEXPIRE', key.link(code), lifetime)
return 'done'
