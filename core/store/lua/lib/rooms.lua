-- What the seller's rooms are to be shown. Needs `queue`.
-- @include threads
-- @include overviews

-- What stands beside one card keeps its order; topics of one group share a lane, but not each other's troubles.
local function strand_of(conversation, room)
  return conversation .. '-' .. room
end

local rooms_of = {} -- by seller, and how each room rings: as they are when the script first asks
local settings_of = {}

-- Calls visit(room, lane) for each linked room of the seller, up to the first that answers true.
local function each_room(seller, visit)
  rooms_of[seller] = rooms_of[seller] or redis.call('HGETALL', key.rooms(seller))
  local rooms = rooms_of[seller]
  for i = 1, #rooms, 2 do
    if visit(rooms[i], rooms[i + 1]) == true then
      return
    end
  end
end

local function room_settings(room)
  if not settings_of[room] then
    local found = redis.call('HMGET', key.room(room), 'share', 'threads')
    settings_of[room] = { share = found[1], threads = found[2] }
  end
  return settings_of[room]
end

-- A card is out of date: a mark, drawn from the state at the time of sending, one in flight a card. `posted` is where it
-- stands; one that is still to be posted will be drawn from the newest state.
local function redraw_posted(posted, conversation, room, lane, wall)
  if not posted or posted == '' then
    return
  end
  local delivery = conversation .. '-' .. room .. '-redraw'
  local state = redis.call('HGET', key.delivery(delivery), 'state')
  if state == 'sending' or state == 'unknown' then
    redis.call('HSET', key.delivery(delivery), 'again', '1')
  elseif not state then
    put(delivery, lane, strand_of(conversation, room), REDRAW, wall, {
      'kind', 'redraw', 'conversation', conversation, 'room', room,
    })
  end
end

local function redraw(conversation, room, lane, wall)
  redraw_posted(redis.call('HGET', key.conversation(conversation), room), conversation, room, lane, wall)
end

-- The conversation is of another version by now.
local function draw_everywhere(conversation, seller, wall)
  each_room(seller, function(room, lane)
    redraw(conversation, room, lane, wall)
  end)
  show_overviews(seller, wall)
end

local function redraw_everywhere(conversation, seller, wall)
  redis.call('HINCRBY', key.conversation(conversation), 'version', 1)
  draw_everywhere(conversation, seller, wall)
end

-- Before a card comes its thread, where the room's cards have one and this one has none.
local function thread_before(conversation, room, lane, wall)
  if not room_settings(room).threads then
    return
  end
  if redis.call('HEXISTS', key.conversation(conversation), thread_in(room)) == 0 then
    enqueue(conversation .. '-' .. room .. '-thread', lane, strand_of(conversation, room), CARD, wall, {
      'kind', 'thread', 'conversation', conversation, 'room', room,
    })
  end
end

-- The delivery of a new card. `quiet`: it makes no sound and calls nobody. `add`: `put` for a message of which nothing can
-- be on its way yet.
local function send_card(conversation, message, room, lane, wall, quiet, add)
  local fields = { 'kind', 'card', 'conversation', conversation, 'message', message, 'room', room }
  if quiet then
    fields[#fields + 1], fields[#fields + 2] = 'quiet', '1'
  end
  thread_before(conversation, room, lane, wall)
  add = add or enqueue
  return add(message .. '-' .. room .. '-card', lane, strand_of(conversation, room), CARD, wall, fields)
end

-- A new card, unless the room has one or is about to.
local function post_card(conversation, message, room, lane, wall, quiet)
  return redis.call('HSETNX', key.conversation(conversation), room, '') == 1
    and send_card(conversation, message, room, lane, wall, quiet)
end

local function note(conversation, message, kind, room, lane, class, wall, fields, add)
  add = add or enqueue
  add(message .. '-' .. room .. '-' .. kind, lane, strand_of(conversation, room), class, wall, {
    'kind', kind, 'conversation', conversation, 'message', message, 'room', room, unpack(fields or {}),
  })
end

-- A line beside the card in every room that shows the conversation.
local function note_everywhere(conversation, seller, message, kind, class, wall)
  each_room(seller, function(room, lane)
    if redis.call('HEXISTS', key.conversation(conversation), room) == 1 then
      note(conversation, message, kind, room, lane, class, wall)
    end
  end)
end

-- The same, and each card drawn anew: the conversation is of another version by now. `heads`: where its cards stand, by
-- room, if that was read before.
local function note_and_draw(conversation, seller, message, kind, class, wall, fields, add, heads)
  each_room(seller, function(room, lane)
    local posted
    if heads then
      posted = heads[room]
    else
      posted = redis.call('HGET', key.conversation(conversation), room)
    end
    if posted then
      note(conversation, message, kind, room, lane, class, wall, fields, add)
      redraw_posted(posted, conversation, room, lane, wall)
    end
  end)
  show_overviews(seller, wall)
end

local function note_and_redraw(conversation, seller, message, kind, class, wall, fields)
  redis.call('HINCRBY', key.conversation(conversation), 'version', 1)
  note_and_draw(conversation, seller, message, kind, class, wall, fields)
end

-- A message that opens an obligation rings, also if it was shown before as one that opened none. A card that is still to
-- be posted rings by itself.
local function ring_for(conversation, seller, message, wall)
  each_room(seller, function(room, lane)
    local posted = redis.call('HGET', key.conversation(conversation), room)
    if not posted or redis.call('HGET', key.delivery(message .. '-' .. room .. '-card'), 'state') == 'pending' then
      return
    end
    local quiet = key.delivery(message .. '-' .. room .. '-message')
    if redis.call('HGET', quiet, 'state') == 'pending' then
      redis.call('HSET', quiet, 'loud', '1')
      return
    end
    enqueue(message .. '-' .. room .. '-owed', lane, strand_of(conversation, room), CARD, wall, {
      'kind', 'message', 'conversation', conversation, 'message', message, 'room', room, 'loud', '1',
      'owed', '1',
    })
  end)
end
