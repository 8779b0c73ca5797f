#!lua
-- Somebody does something in a room. Answers {the room, the language that its seller is spoken to in, the role that they
-- have there, their habits, the seller's zone, whether it was written down}, each an empty word where there is none.
local room = ARGV[1]
local who = ARGV[2] -- empty: somebody who never has one
local seen = ARGV[3] -- their name, and when
local now = tonumber(ARGV[4])
local every = tonumber(ARGV[5]) -- it is written down again after so many milliseconds
-- @include members

local found = redis.call('HMGET', key.room(room), 'seller', 'state')
local about = found[1] and redis.call('HMGET', key.seller(found[1]), 'language', 'zone') or {}
local role, habits, written = '', '', 0
if found[2] == 'linked' and who ~= '' then
  role, written = meet(found[1], who, seen, now, every)
  habits = redis.call('HGET', key.habits(found[1]), who) or ''
end
return { redis.call('HGETALL', key.room(room)), about[1] or '', role, habits, about[2] or '', written }
