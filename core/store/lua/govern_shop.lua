#!lua
-- Another policy governs a shop, from an instant on. Answers done, repeated (it does already), or missing (no such shop).
local now = tonumber(ARGV[1])
local shop = ARGV[2]
local digest = ARGV[3]
local policy = ARGV[4]
local name = ARGV[5]
local governed = ARGV[6]
local recount = ARGV[7] -- the instant from which obligations are counted anew; empty: none
-- @include queue

local known = redis.call('HGET', key.shop(shop), 'governed')
if not known then
  return 'missing'
end
if known == governed or (recount == '' and string.match(known, '/(%x+)$') == digest) then
  return 'repeated'
end
redis.call('SET', key.policy(digest), policy)
redis.call('HSET', key.shop(shop), 'governed', governed, 'policy', name)
redis.call('HINCRBY', key.shop(shop), 'rules', 1)
if recount ~= '' then
  redis.call('ZADD', key.agenda(), now, 'recount/' .. shop .. '/' .. recount)
  woken = true
end
ring()
return 'done'
