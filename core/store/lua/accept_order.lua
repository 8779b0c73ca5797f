#!lua
-- The marketplace says that an order started or changed: the card shows its newest state. A start that asks for no answer
-- by the rules is told of beside the conversation's card, in every room whose share it is.
-- Answers accepted, fold (it is closed: that may end what is owed), duplicate or missing.
local wall = tonumber(ARGV[1])
local event = ARGV[2]
local event_ttl = tonumber(ARGV[3])
local shop = ARGV[4]
local conversation = ARGV[5]
local stamp = ARGV[6]
local conversation_fields = cjson.decode(ARGV[7])
local order = ARGV[8]
local closed = ARGV[9] == "1"
local now = tonumber(ARGV[10])
local news = ARGV[11] -- by which the start is told of; empty: nothing to tell
local forget_at = tonumber(ARGV[12])
-- @include queue
-- @include rooms
-- @include told
-- @include obligations
-- @include shares

local seller = redis.call('HGET', key.shop(shop), 'seller')
if not seller then
  return 'missing'
end
if not redis.call('SET', key.event(event), '1', 'NX', 'EX', event_ttl) then
  return 'duplicate'
end
keep_told(conversation, seller, shop, stamp, conversation_fields)
mark(conversation, 'order/' .. stamp .. '/' .. order, closed and 'closed' or 'active')
if closed then
  redis.call('HSET', key.conversation(conversation), 'marked', '1')
end
local folds = redis.call('HEXISTS', key.conversation(conversation), 'marked') == 1
if folds then
  fold_later(conversation, now)
end
redraw_everywhere(conversation, seller, wall)
if news ~= '' then
  each_room(seller, function(room, lane)
    if not is_shown(conversation, room, 'order/' .. order) then
      return
    end
    post_card(conversation, news, room, lane, wall)
    enqueue(news .. '-' .. room .. '-order', lane, strand_of(conversation, room), CARD, wall, {
      'kind', 'order', 'conversation', conversation, 'room', room,
    })
  end)
  if redis.call('HEXISTS', key.conversation(conversation), 'open') == 0 then
    redis.call('ZADD', key.agenda(), forget_at, text_moment(conversation)) -- Nothing will be settled by it.
  end
end
ring()
return folds and 'fold' or 'accepted'
