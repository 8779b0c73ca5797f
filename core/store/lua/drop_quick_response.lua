#!lua
-- A seller's quick response is deleted, and kept aside for a while with how often it was used.
-- Answers done, repeated (it is deleted already), or missing.
local seller = ARGV[1]
local response = ARGV[2]
local seconds = tonumber(ARGV[3])

local aside = key.quick_dropped(response)
local value = redis.call('HGET', key.quick_responses(seller), response)
if not value then
  return redis.call('HGET', aside, 'seller') == seller and 'repeated' or 'missing'
end
local uses = redis.call('ZSCORE', key.quick_uses(seller), response) or '0'
redis.call('HSET', aside, 'seller', seller, 'value', value, 'uses', uses)
redis.call('EXPIRE', aside, seconds)
redis.call('HDEL', key.quick_responses(seller), response)
redis.call('ZREM', key.quick_uses(seller), response)
return 'done'
