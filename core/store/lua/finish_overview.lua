#!lua
-- What a member sees of all their sellers was drawn, or is not to be. Who has not opened it since `forget_before` is no
-- longer shown it. What changed while it was on its way is drawn again. Answers done, or stale (another worker has it).
local wall = tonumber(ARGV[1])
local delivery = ARGV[2]
local token = ARGV[3]
local seller = ARGV[4]
local who = ARGV[5]
local forget_before = tonumber(ARGV[6])
-- @include queue
-- @include overviews

local name = key.delivery(delivery)
local found = redis.call('HMGET', name, 'token', 'lane', 'strand', 'again')
if found[1] ~= token then
  return 'stale'
end
local opened = redis.call('HGET', key.viewers(seller), who)
local forgotten = not opened or cjson.decode(opened)[1] < forget_before
if forgotten then
  redis.call('HDEL', key.viewers(seller), who)
end
redis.call('DEL', name)
recovered(found[2], wall)
advance(delivery, found[2], found[3], wall)
if found[4] and not forgotten then
  show_overview(seller, who, wall)
end
touch(found[2], wall)
ring()
return 'done'
