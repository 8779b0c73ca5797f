#!lua
-- A shop opens for a seller, with its lane. Answers done, or missing (no such seller).
local seller = ARGV[1]
local shop = ARGV[2]
local fields = cjson.decode(ARGV[3])
local width = tonumber(ARGV[4])
local digest = ARGV[5]
local policy = ARGV[6]

if redis.call('EXISTS', key.seller(seller)) == 0 then
  return 'missing'
end
redis.call('HSET', key.shop(shop), 'seller', seller, unpack(fields))
redis.call('SET', key.policy(digest), policy)
redis.call('HSET', key.shop(shop), 'terms', redis.call('HGET', key.seller(seller), 'terms') or '0')
redis.call('SADD', key.shops(seller), shop)
redis.call('HSET', key.lane('shop/' .. shop), 'width', width)
return 'done'
