#!lua
-- The marketplace took a reply. A receipt is a fact whoever brings it. Answers done, fold, or missing.
local wall = tonumber(ARGV[1])
local delivery = ARGV[2]
local message = ARGV[3]
local accepted_at = tonumber(ARGV[4])
local alias = ARGV[5]
local from = cjson.decode(ARGV[6])
local to = ARGV[7]
local now = tonumber(ARGV[8])
local forget_at = tonumber(ARGV[9])
-- @include queue
-- @include rooms
-- @include settle
-- @include replies

if redis.call('HGET', key.message(message), 'incoming') ~= '0' then
  return 'missing'
end
local settled = accept_reply(message, accepted_at, alias, from, to, wall, now, forget_at)
local found = redis.call('HMGET', key.delivery(delivery), 'lane', 'strand')
if found[1] then
  redis.call('DEL', key.delivery(delivery))
  recovered(found[1], wall)
  advance(delivery, found[1], found[2], wall)
  touch(found[1], wall)
end
ring()
return settled and 'done' or 'fold'
