#!lua flags=no-writes
-- All shops of a seller, or of the seller that a room is linked to, each with all that an event of it is taken by and what is
-- kept of its availability. Answers {shop, what `lib/shops.lua` says, availability}….
local seller = ARGV[1] -- empty: the room's
local room = ARGV[2]
-- @include shops

local owner = seller ~= '' and seller or redis.call('HGET', key.room(room), 'seller') or ''
local found = {}
for _, shop in ipairs(redis.call('SMEMBERS', key.shops(owner))) do
  local known = knowledge_of(shop)
  if known then
    found[#found + 1] = { shop, known, redis.call('HGETALL', key.availability(shop)) }
  end
end
return found
