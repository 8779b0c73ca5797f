#!lua
-- The deletion of a quick response is undone. Answers done, repeated (it is there), missing (too late), taken or full.
local seller = ARGV[1]
local response = ARGV[2]
local most = tonumber(ARGV[3])
-- @include quick_responses

if redis.call('HEXISTS', key.quick_responses(seller), response) == 1 then
  return 'repeated'
end
local aside = key.quick_dropped(response)
local found = redis.call('HMGET', aside, 'seller', 'value', 'uses')
if found[1] ~= seller then
  return 'missing'
end
local why = refusal(seller, response, found[2], most)
if why then
  return why
end
redis.call('HSET', key.quick_responses(seller), response, found[2])
redis.call('ZADD', key.quick_uses(seller), tonumber(found[3]), response)
redis.call('DEL', aside)
return 'done'
