#!lua
-- Counts a wrong link code from a chat. Answers how many there were in the last stretch.
local chat = ARGV[1]
local seconds = tonumber(ARGV[2])

local guesses = redis.call('INCR', key.guesses(chat))
if guesses == 1 then
  redis.call('EXPIRE', key.guesses(chat), seconds)
end
return guesses
