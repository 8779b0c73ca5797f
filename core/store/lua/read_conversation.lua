#!lua
-- A conversation as a room sees it, in one round trip. Answers what `lib/sights.lua` says, nil for an unknown one.
local conversation = ARGV[1]
local room = ARGV[2]
local limit = tonumber(ARGV[3])
local also = ARGV[4]
-- @include sights

return sight_of(conversation, room, limit, also)
