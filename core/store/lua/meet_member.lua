#!lua
-- Somebody acts for a seller: what role have they, and when was that? Answers the role, or an empty word for one who has
-- none of their own; and whether it was written down.
local seller = ARGV[1]
local who = ARGV[2]
local seen = ARGV[3] -- their name, and when
local now = tonumber(ARGV[4])
local every = tonumber(ARGV[5]) -- it is written down again after so many milliseconds
-- @include members

return { meet(seller, who, seen, now, every) }
