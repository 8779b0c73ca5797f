#!lua
-- A text came to a shop of a seller who has several: it is remembered which of them got the same. Once there are `enough`, the
-- messages say so, and the cards of those that did not are drawn anew. Answers how many shops got it.
local wall = tonumber(ARGV[1])
local seller = ARGV[2]
local shop = ARGV[3]
local message = ARGV[4]
local digest = ARGV[5]
local enough = tonumber(ARGV[6])
local lifetime = tonumber(ARGV[7])
-- @include queue
-- @include rooms

if redis.call('SCARD', key.shops(seller)) < enough then
  return 0
end
local name = key.alike(seller, digest)
redis.call('HSET', name, shop, message)
redis.call('EXPIRE', name, lifetime)
local found = redis.call('HGETALL', name)
local count = #found / 2
if count >= enough then
  for i = 2, #found, 2 do
    local other = redis.call('HMGET', key.message(found[i]), 'conversation', 'alike')
    if other[1] and other[2] ~= tostring(count) then
      redis.call('HSET', key.message(found[i]), 'alike', count)
      if found[i] ~= message then
        redraw_everywhere(other[1], seller, wall)
      end
    end
  end
end
ring()
return count
