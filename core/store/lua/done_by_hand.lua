#!lua
-- A member says that a reply was typed on the marketplace's site: by their word it is sent.
-- Answers done, fold, repeated (it was said before, by somebody else or for another state), or missing (no such reply of this
-- seller).
local wall = tonumber(ARGV[1])
local seller = ARGV[2]
local message = ARGV[3]
local said_at = tonumber(ARGV[4])
local by = ARGV[5]
local from = cjson.decode(ARGV[6])
local to = ARGV[7]
local forget_at = tonumber(ARGV[8])
-- @include queue
-- @include rooms
-- @include settle
-- @include replies

local found = redis.call('HMGET', key.message(message), 'conversation', 'state', 'incoming', 'by_word', 'author')
if found[3] ~= '0' or redis.call('HGET', key.conversation(found[1]), 'seller') ~= seller then
  return 'missing'
end
if found[2] ~= 'by_hand' then
  return found[4] and found[5] == by and 'done' or 'repeated'
end
redis.call('HSET', key.message(message), 'by_word', '1', 'author', by)
local settled = accept_reply(message, said_at, '', from, to, wall, said_at, forget_at)
ring()
return settled and 'done' or 'fold'
