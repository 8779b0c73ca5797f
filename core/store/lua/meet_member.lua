#!lua
-- Somebody acts for a seller: what role have they, and when was that? Answers the role, or an empty word for one who has
-- none of their own; and whether it was written down.
local seller = ARGV[1]
local who = ARGV[2]
local seen = ARGV[3] -- their name, and when
local now = tonumber(ARGV[4])
local every = tonumber(ARGV[5]) -- it is written down again after so many milliseconds

local known = redis.call('HGET', key.seen_members(seller), who)
local written = not known or cjson.decode(known)[2] + every <= now
if written then
  redis.call('HSET', key.seen_members(seller), who, seen)
end
return { redis.call('HGET', key.members(seller), who) or '', written and 1 or 0 }
