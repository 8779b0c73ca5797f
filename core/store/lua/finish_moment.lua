#!lua
-- A moment was carried out. Answers done.
local moment = ARGV[1]

redis.call('ZREM', key.agenda(), moment)
return 'done'
