#!lua
-- A conversation as a room sees it, in one round trip. Answers what `lib/sights.lua` says, nil for an unknown one.
local what = ARGV[1] -- conversation, message, draft or posted: what is `about` it
local about = ARGV[2]
local room = ARGV[3]
local limit = tonumber(ARGV[4])
local also = ARGV[5]
-- @include sights

local conversation = conversation_about(what, about, room)
return conversation and conversation ~= '' and sight_of(conversation, room, limit, also)
