#!lua
-- Something was done about a conversation beside writing: a waiver, its end on the marketplace. What follows is worked out from
-- the history. With it a message may be told who did it, and a buyer be held otherwise from now on.
-- Told twice under one name it is one mark, and the word said last holds.
-- Answers fold, repeated, or missing (no such conversation of this seller).
local wall = tonumber(ARGV[1])
local now = tonumber(ARGV[2])
local seller = ARGV[3]
local conversation = ARGV[4]
local name = ARGV[5]
local value = ARGV[6]
local message = ARGV[7] -- empty: none
local waived_by = ARGV[8] -- empty: nobody
local regard = ARGV[9] -- empty: it stays
local regarded = ARGV[10] -- empty: not any more
-- @include queue
-- @include rooms
-- @include told
-- @include obligations

if redis.call('HGET', key.conversation(conversation), 'seller') ~= seller then
  return 'missing'
end
local was = redis.call('HGET', key.marks(conversation), name)
if was == value then
  return 'repeated'
end
mark(conversation, name, value)
redis.call('HSET', key.conversation(conversation), 'marked', '1')
if message ~= '' then
  redis.call('HSET', key.message(message), 'waived_by', waived_by)
end
if regard ~= '' then
  redis.call('HDEL', key.regards(seller), regard)
  if regarded ~= '' then
    redis.call('HSET', key.regards(seller), regard, regarded)
  end
end
fold_later(conversation, now)
redraw_everywhere(conversation, seller, wall)
ring()
return 'fold'
