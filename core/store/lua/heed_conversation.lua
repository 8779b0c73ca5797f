#!lua
-- A member did something about a conversation that shows nowhere, such as opening the form. Answers done.
local now = tonumber(ARGV[1])
local conversation = ARGV[2]
local who = ARGV[3]
-- @include claims

heeded(conversation, who, now)
return 'done'
