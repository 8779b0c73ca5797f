#!lua flags=no-writes
-- The conversations in which a seller owes something, each once, the nearest deadline first: those of so many obligations,
-- without what is being reported as spam. Answers their ids.
local seller = ARGV[1]
local most = tonumber(ARGV[2])
-- @include lines

return conversations_of(redis.call('ZRANGE', key.owed(seller), 0, most - 1), {}, most, true)
