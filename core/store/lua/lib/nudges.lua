-- What the members of a room are to be reminded of: `nudges` holds its obligations by their deadline, and one delivery
-- that is still to be carried takes what is there by then, so that what falls due together is one note. The rung stands
-- on the obligation. Needs `queue`, `rooms` and `obligations`.
-- @include shares
local ALARM = 0

local function strand_of_nudges(room)
  return room .. '-nudges'
end

-- What stands on the obligation of a rung that was fired: its letter, and the milliseconds since the buyer wrote.
local function rung_of(letter, seconds)
  return letter .. seconds .. '000'
end

local function nudge_of(obligation, room, rung)
  return obligation .. '-' .. room .. '-' .. rung
end

-- Makes sure that a delivery will take them, named after the one that it was made for.
local function carry_nudges(obligation, room, lane, wall)
  local last = redis.call('LINDEX', key.strand(lane, strand_of_nudges(room)), -1)
  local found = last and redis.call('HMGET', key.delivery(last), 'state', 'lines')
  if not (found and found[1] == 'pending' and not found[2]) then
    local rung = redis.call('HGET', key.obligation(obligation), 'rung') or ''
    enqueue(nudge_of(obligation, room, rung), lane, strand_of_nudges(room), ALARM, wall, { 'kind', 'reminder', 'room', room })
  end
end

-- What of `due` this room shows, both of them {deadline, obligation, …}.
local function shown_in(room, due)
  if not room_settings(room).share then
    return due
  end
  local shown = {}
  for i = 1, #due, 2 do
    local it = redis.call('HMGET', key.obligation(due[i + 1]), 'of', 'asks')
    if is_shown(it[1], room, it[2]) then
      shown[#shown + 1], shown[#shown + 2] = due[i], due[i + 1]
    end
  end
  return shown
end

-- The room is to be reminded of what is due, {deadline, obligation, …}, together with what else falls due by then.
local function remind_room(room, lane, due, wall)
  local shown = shown_in(room, due)
  if #shown > 0 then
    redis.call('ZADD', key.nudges(room), unpack(shown))
    carry_nudges(shown[2], room, lane, wall)
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

-- Whether the card stands in the room, so that a reminder can stand beside it. Where it is still to be posted the reminder
-- comes behind it, in a delivery of its own. `it` has the obligation's `conversation`, `at` and `rung`.
local function has_card(it, obligation, room, lane, wall)
  local posted = redis.call('HGET', key.conversation(it.conversation), room)
  if posted and posted ~= '' then
    return true
  end
  if not posted then
    if not is_shown(it.conversation, room, redis.call('HGET', key.obligation(obligation), 'asks')) then
      return false
    end
    -- It was linked, or moved, while more was owed than could be shown at once.
    post_card(it.conversation, message_of(obligation), room, lane, wall, true)
  end
  enqueue(nudge_of(obligation, room, it.rung) .. '-behind', lane, strand_of(it.conversation, room), ALARM, wall, {
    'kind', 'reminder', 'room', room, unpack(only_line(line_of(it, obligation, it.rung))),
  })
  return false
end
