#!lua
-- The moment has come at which nobody is taken to be writing any more, unless they opened the form again.
-- Answers done, later (they did), or missing (no such conversation).
local wall = tonumber(ARGV[1])
local now = tonumber(ARGV[2])
local conversation = ARGV[3]
-- @include queue
-- @include rooms
-- @include claims

local moment = 'writing/' .. conversation
local found = redis.call('HMGET', key.conversation(conversation), 'seller', 'writing_until')
if not found[1] then
  return 'missing'
end
if found[2] and tonumber(found[2]) > now then
  redis.call('ZADD', key.agenda(), found[2], moment)
  return 'later'
end
redis.call('ZREM', key.agenda(), moment)
if found[2] then
  writing_ends(conversation)
  redraw_everywhere(conversation, found[1], wall)
  ring()
end
return 'done'
