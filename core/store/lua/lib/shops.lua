-- A shop with all that an event of it is taken by: {shop's fields}, {seller's fields}, {absences}, {digest, policy}….
-- False for an unknown shop.
local function knowledge_of(shop)
  local fields = redis.call('HGETALL', key.shop(shop))
  if #fields == 0 then
    return false
  end
  local about = redis.call('HMGET', key.shop(shop), 'seller', 'governed')
  local policies = {}
  for digest in string.gmatch(about[2] or '', '/(%x+)') do
    policies[#policies + 1] = { digest, redis.call('GET', key.policy(digest)) }
  end
  return { fields, redis.call('HGETALL', key.seller(about[1])), redis.call('HGETALL', key.absences(shop)), policies }
end
