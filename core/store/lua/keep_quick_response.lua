#!lua
-- A seller's quick response is written, or changed. Its id names the writing: told twice, it is written once.
-- Answers done, missing (what was to be changed is gone), taken (another of the same shops bears its title), or full.
local seller = ARGV[1]
local response = ARGV[2]
local value = ARGV[3]
local anew = ARGV[4] == "1"
local most = tonumber(ARGV[5])
-- @include quick_responses

local known = redis.call('HEXISTS', key.quick_responses(seller), response) == 1
if known and anew then
  return 'done'
end
if not known and (not anew or redis.call('EXISTS', key.quick_dropped(response)) == 1) then
  return 'missing'
end
local why = refusal(seller, response, value, most)
if why then
  return why
end
redis.call('HSET', key.quick_responses(seller), response, value)
redis.call('ZADD', key.quick_uses(seller), 'NX', 0, response)
return 'done'
