#!lua
-- Fires the moments that are due. An obligation's is turned into its one warning that is true now, for every room that
-- shows its card, or into its breach; one whose plan came from older settings is worked out anew. Any other moment is
-- put off by `lease` and handed out, so that another worker takes over if this one dies. Answers
-- {instant of the next moment or '', {moment, …}, instant of the first moment there was or ''}.
local now = tonumber(ARGV[1])
local wall = tonumber(ARGV[2])
local lease = tonumber(ARGV[3])
local limit = tonumber(ARGV[4])
local patience = tonumber(ARGV[5])
local owed = cjson.decode(ARGV[6])
local from = cjson.decode(ARGV[7])
local to = ARGV[8]
-- @include queue
-- @include rooms
-- @include obligations
-- @include nudges

local rooms_of = {} -- of each seller, read once
local terms_of_shop = {}

local function remembered(cache, id, read)
  if cache[id] == nil then
    cache[id] = read(id)
  end
  return cache[id]
end

local function rooms_now(seller)
  return redis.call('HGETALL', key.rooms(seller))
end

local function terms_now(shop)
  return redis.call('HGET', key.shop(shop), 'terms') or ''
end

-- What is written once for all that was fired: the moments to come, those that are done, and of each room what it is to
-- be reminded of.
local coming, done, reminded = {}, {}, {}

local function come(moment, at)
  if at then
    coming[#coming + 1], coming[#coming + 2] = at, moment
  else
    done[#done + 1] = moment
  end
end

local function remind(it, obligation, seller, rung, breaches)
  redis.call('HINCRBY', key.conversation(it.conversation), 'unheeded', 1)
  local rooms = remembered(rooms_of, seller, rooms_now)
  for i = 1, #rooms, 2 do
    local room, lane = rooms[i], rooms[i + 1]
    if nudge(it, obligation, room, lane, rung, wall) then
      local of_room = reminded[room] or { lane = lane, first = obligation, rung = rung }
      of_room[#of_room + 1], of_room[#of_room + 2] = it.due or math.huge, obligation
      reminded[room] = of_room
    end
  end
  if breaches then
    redraw_everywhere(it.conversation, seller, wall)
  end
end

local others = {}

local function hand_out(moment)
  come(moment, now + lease)
  others[#others + 1] = moment
end

-- What is settled has a moment only until its rule lets it into the rate.
local function let_in(obligation, it, shop)
  local verdict = verdict_at(it.why, it.due, it.answered, it.enters, now)
  enter(obligation, shop, kind_of(it.asks), it.from, verdict)
  await_entry(obligation, shop, not verdict)
  come(obligation, nil)
  redis.call('HSET', key.obligation(obligation), 'plan', '')
end

local function read(obligation)
  local found = redis.call('HMGET', key.obligation(obligation), 'state', 'of', 'at', 'plan', 'terms', 'asks', 'due', 'why',
    'from', 'answered', 'enters', 'quiet')
  return {
    state = found[1], conversation = found[2], at = tonumber(found[3]), plan = found[4], terms = found[5], asks = found[6],
    due = tonumber(found[7]), why = found[8], from = tonumber(found[9] or found[3]), answered = tonumber(found[10] or ''),
    enters = found[11], quiet = found[12],
  }
end

local function fire(obligation)
  local it = read(obligation)
  if not it.state then
    come(obligation, nil)
    return
  end
  local about = redis.call('HMGET', key.conversation(it.conversation), 'seller', 'shop', 'sending')
  local seller, shop = about[1], about[2]
  if not owed[it.state] then
    let_in(obligation, it, shop)
    return
  end
  if it.terms ~= remembered(terms_of_shop, shop, terms_now) then
    come(obligation, now + lease)
    hand_out('fold/' .. it.conversation)
    return
  end
  local due, rest = passed(it.plan, it.at, now)
  if due and due.letter == BREACH and from[it.state] then
    -- A reply on its way may have been accepted in time: its outcome is waited for, up to a minute.
    local breach_at = it.at + due.at
    if now < breach_at + patience and about[3] then
      come(obligation, math.min(now + 1000, breach_at + patience))
      return
    end
    it.state = to
    redis.call('HINCRBY', key.conversation(it.conversation), 'facts', 1)
    enter(obligation, shop, kind_of(it.asks), it.from, verdict_at(it.why, it.due, nil, it.enters, now))
  end
  local rung = due and rung_of(due.letter, due.at) or ''
  redis.call('HSET', key.obligation(obligation), 'state', it.state, 'plan', rest, 'told', now, 'rung', rung)
  come(obligation, next_rung_at(rest, it.at))
  if due and not it.quiet then
    remind(it, obligation, seller, rung, due.letter == BREACH)
  end
end

local earliest = first_score(key.agenda()) or ''
for _, moment in ipairs(redis.call('ZRANGEBYSCORE', key.agenda(), '-inf', now, 'LIMIT', 0, limit)) do
  if string.find(moment, '/', 1, true) then
    hand_out(moment)
  else
    fire(moment)
  end
end
if #coming > 0 then
  redis.call('ZADD', key.agenda(), unpack(coming))
end
if #done > 0 then
  redis.call('ZREM', key.agenda(), unpack(done))
end
for room, due in pairs(reminded) do
  redis.call('ZADD', key.nudges(room), unpack(due))
  carry_nudges(due.first, room, due.lane, due.rung, wall)
end
ring()
local first = redis.call('ZRANGE', key.agenda(), 0, 0, 'WITHSCORES')
return { first[2] or '', others, tostring(earliest) }
