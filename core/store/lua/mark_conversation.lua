#!lua
-- Something was done about a conversation beside writing: a spam report, a waiver, its end on the marketplace. What
-- follows is worked out from the history. Told twice under one name it is one mark; the word said last holds, and
-- `final` words cannot be taken back.
-- Answers fold, repeated, or missing (no such conversation of this seller).
local wall = tonumber(ARGV[1])
local now = tonumber(ARGV[2])
local seller = ARGV[3]
local conversation = ARGV[4]
local name = ARGV[5]
local value = ARGV[6]
local final = ARGV[7]
-- @include queue
-- @include rooms
-- @include told
-- @include obligations

if redis.call('HGET', key.conversation(conversation), 'seller') ~= seller then
  return 'missing'
end
local was = redis.call('HGET', key.marks(conversation), name)
if was == value or was == final then
  return 'repeated'
end
mark(conversation, name, value)
redis.call('HSET', key.conversation(conversation), 'marked', '1')
fold_later(conversation, now)
redraw_everywhere(conversation, seller, wall)
ring()
return 'fold'
