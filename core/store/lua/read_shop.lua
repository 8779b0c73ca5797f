#!lua
-- A shop with all that an event of it is taken by; see `lib/shops.lua`. nil for an unknown shop.
local shop = ARGV[1]
-- @include shops

return knowledge_of(shop)
