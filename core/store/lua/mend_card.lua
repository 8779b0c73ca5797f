#!lua
-- A room gets the card that it should have and that nothing will bring. Answers done, or repeated (it has one, or one is on its way).
local room = ARGV[1]
local conversation = ARGV[2]
local wall = tonumber(ARGV[3])
-- @include queue
-- @include rooms

local heads = redis.call('HMGET', key.conversation(conversation), 'seller', 'asked')
local lane = heads[1] and redis.call('HGET', key.rooms(heads[1]), room)
local posted = redis.call('HGET', key.conversation(conversation), room)
if not lane or (posted and posted ~= '') or redis.call('EXISTS', key.strand(lane, strand_of(conversation, room))) == 1 then
  return 'repeated'
end
redis.call('HDEL', key.conversation(conversation), room)
post_card(conversation, heads[2] or '', room, lane, wall)
ring()
return 'done'
