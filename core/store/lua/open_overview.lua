#!lua
-- A member opened what shows all their sellers, or turned a page of it: it is drawn, and kept current from now on. Done
-- twice, it is drawn once more at most.
local wall = tonumber(ARGV[1])
local seller = ARGV[2]
local who = ARGV[3]
local now = tonumber(ARGV[4])
local page = ARGV[5] -- empty: the one where they are
-- @include queue
-- @include overviews

local before = redis.call('HGET', key.viewers(seller), who)
local at = page ~= '' and tonumber(page) or before and cjson.decode(before)[2] or 0
redis.call('HSET', key.viewers(seller), who, cjson.encode({ now, at }))
show_overview(seller, who, wall)
ring()
return 'done'
