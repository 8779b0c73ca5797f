#!lua flags=no-writes
-- How many of a seller's conversations are overdue, as far as they are counted.
local seller = ARGV[1]
local now = tonumber(ARGV[2])
local most = tonumber(ARGV[3]) -- obligations that are looked at
-- @include lines

local late = redis.call('ZRANGEBYSCORE', key.owed(seller), '-inf', now, 'LIMIT', 0, most)
return #conversations_of(late, {}, most, true)
