#!lua
-- A room's chat has got another address. A fresh room with all its settings takes its place there: a message's number
-- in the old chat is another message in the new one, so no card ref is taken along. What is owed is shown anew, and all
-- that waited follows it.
-- Answers done, repeated (this was done before), or missing (the room is no more).
local wall = tonumber(ARGV[1])
local room = ARGV[2]
local lane = ARGV[3]
local fresh = ARGV[4]
local fresh_chat = ARGV[5]
local fresh_lane = ARGV[6]
local pace = cjson.decode(ARGV[7])
local most = tonumber(ARGV[8])
local notice = ARGV[9]
-- @include queue
-- @include rooms
-- @include afresh
-- @include shares

local settings = redis.call('HGETALL', key.room(room))
if #settings == 0 then
  return redis.call('EXISTS', key.room(fresh)) == 1 and 'repeated' or 'missing'
end
local seller = redis.call('HGET', key.room(room), 'seller')
redis.call('HSET', key.room(fresh), unpack(settings))
redis.call('HSET', key.room(fresh), 'chat', fresh_chat)
redis.call('DEL', key.room(room))
if redis.call('EXISTS', key.listed(room)) == 1 then
  redis.call('RENAME', key.listed(room), key.listed(fresh))
end
if redis.call('EXISTS', key.nudges(room)) == 1 then
  redis.call('RENAME', key.nudges(room), key.nudges(fresh))
end
redis.call('HDEL', key.rooms(seller), room)
redis.call('HSET', key.rooms(seller), fresh, fresh_lane)
redis.call('HSET', key.lane(fresh_lane), unpack(pace))

-- What waited in the old chat, each strand in its order.
local waited = {}
for _, part in ipairs({ key.flying(lane), key.ready(lane), key.waiting(lane) }) do
  for _, strand in ipairs(redis.call('ZRANGE', part, 0, -1)) do
    for _, delivery in ipairs(redis.call('LRANGE', key.strand(lane, strand), 0, -1)) do
      local was, fields = afresh(key.delivery(delivery))
      if was then
        waited[#waited + 1] = { id = delivery, was = was, fields = fields }
        redis.call('DEL', key.delivery(delivery))
      end
    end
    redis.call('DEL', key.strand(lane, strand))
  end
  redis.call('DEL', part)
end
redis.call('DEL', key.failing(lane), key.lane(lane))
redis.call('ZREM', key.lanes(), lane)

-- Its members know of it: it does not ring again.
local function show_anew(conversation)
  redis.call('HDEL', key.conversation(conversation), room, thread_in(room))
  if redis.call('HSETNX', key.conversation(conversation), fresh, '') == 1 then
    local asked = redis.call('HGET', key.conversation(conversation), 'asked') or ''
    thread_before(conversation, fresh, fresh_lane, wall)
    enqueue(conversation .. '-' .. fresh .. '-card', fresh_lane, strand_of(conversation, fresh), CARD, wall, {
      'kind', 'card', 'conversation', conversation, 'message', asked, 'room', fresh, 'anew', '1',
    })
  end
end

local function follow(delivery)
  local was, fields = delivery.was, delivery.fields
  local strand = delivery.id
  if was.conversation then
    show_anew(was.conversation)
    strand = strand_of(was.conversation, fresh)
  end
  fields[#fields + 1], fields[#fields + 2] = 'room', fresh
  enqueue(delivery.id .. '-' .. fresh, fresh_lane, strand, tonumber(was.class), wall, fields)
end

-- A card that nobody has seen yet rings.
for _, delivery in ipairs(waited) do
  local was = delivery.was
  if was.kind == 'card' and not was.anew then
    post_card(was.conversation, was.message, fresh, fresh_lane, wall)
  end
end
for _, obligation in ipairs(redis.call('ZRANGE', key.owed(seller), 0, most - 1)) do
  local it = redis.call('HMGET', key.obligation(obligation), 'of', 'asks')
  if redis.call('HEXISTS', key.conversation(it[1]), room) == 1 or is_shown(it[1], fresh, it[2]) then
    show_anew(it[1])
  end
end
local more = redis.call('ZCARD', key.owed(seller)) - most
if more > 0 then
  enqueue(notice, fresh_lane, notice, RECEIPT, wall, {
    'kind', 'notice', 'room', fresh, 'about', 'more_wait', 'count', more,
  })
end
for _, delivery in ipairs(waited) do
  if delivery.was.kind ~= 'card' and delivery.was.kind ~= 'redraw' then
    follow(delivery)
  end
end
touch(fresh_lane, wall)
ring()
return 'done'
