#!lua
-- Remembers a wrong link code of a chat; the same one told again is the same guess. Answers how many there were.
local chat = ARGV[1]
local seconds = tonumber(ARGV[2])
local code = ARGV[3]

redis.call('SADD', key.guesses(chat), code)
local guesses = redis.call('SCARD', key.guesses(chat))
if guesses == 1 then
  redis.call('EXPIRE', key.guesses(chat), seconds)
end
return guesses
