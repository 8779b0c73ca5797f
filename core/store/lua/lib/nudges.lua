-- What the members of a room are to be reminded of: `nudges` holds its obligations by their deadline, and one delivery
-- that is still to be carried takes what is there by then, so that what falls due together is one note. The rung stands
-- on the obligation. Needs `queue`, `rooms` and `obligations`.
-- @include shares
local ALARM = 0

local function strand_of_nudges(room)
  return room .. '-nudges'
end

-- What stands on the obligation of a rung that was fired: its letter, and the milliseconds since the buyer wrote.
local function rung_of(letter, at)
  return string.format('%s%d', letter, at)
end

local function nudge_of(obligation, room, rung)
  return obligation .. '-' .. room .. '-' .. rung
end

-- Makes sure that a delivery will take them, named after the one that it was made for.
local function carry_nudges(obligation, room, lane, rung, wall)
  local last = redis.call('LINDEX', key.strand(lane, strand_of_nudges(room)), -1)
  local found = last and redis.call('HMGET', key.delivery(last), 'state', 'lines')
  if not (found and found[1] == 'pending' and not found[2]) then
    enqueue(nudge_of(obligation, room, rung), lane, strand_of_nudges(room), ALARM, wall, { 'kind', 'reminder', 'room', room })
  end
end

-- A line of a note: the obligation, its conversation, the letter of the rung and the instant of it.
local function line_of(it, obligation, rung)
  local letter, at = string.match(rung, '^(%a)(%d+)$')
  return { obligation, it.conversation, letter, it.at + at }
end

-- A note of one line stands beside its card, and is dropped with what it is about.
local function only_line(line)
  local obligation, conversation, letter = line[1], line[2], line[3]
  return {
    'lines', cjson.encode({ line }), 'conversation', conversation, 'message', message_of(obligation), 'guard', obligation,
    'guard_state', letter == BREACH and 'breached' or 'open',
  }
end

-- The room is to be reminded: behind a card that is still to be posted, or else together with what else falls due there.
-- Answers whether it is the latter: then it is to be among its `nudges`, by its deadline. `it` has the obligation's
-- `conversation`, `at` and `due`.
local function nudge(it, obligation, room, lane, rung, wall)
  local posted = redis.call('HGET', key.conversation(it.conversation), room)
  if not posted and not is_shown(it.conversation, room, redis.call('HGET', key.obligation(obligation), 'asks')) then
    return false
  elseif not posted then
    -- It was linked, or moved, while more was owed than could be shown at once.
    post_card(it.conversation, message_of(obligation), room, lane, wall, true)
    posted = ''
  end
  if posted == '' then
    enqueue(nudge_of(obligation, room, rung), lane, strand_of(it.conversation, room), ALARM, wall, {
      'kind', 'reminder', 'room', room, unpack(only_line(line_of(it, obligation, rung))),
    })
    return false
  end
  return true
end
