#!lua
-- A room, and the language that its seller is spoken to in.
local room = ARGV[1]

local seller = redis.call('HGET', key.room(room), 'seller')
local language = seller and redis.call('HGET', key.seller(seller), 'language')
return { redis.call('HGETALL', key.room(room)), language or '' }
