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

-- What is true now of a plan: the last rung that has passed, and the rungs still ahead.
local function passed(plan, opened_at)
  local due, rest = nil, {}
  for _, rung in ipairs(split(plan)) do
    if opened_at + rung.at <= now then
      due = rung
    else
      rest[#rest + 1] = string.format('%d%s', rung.at / 1000, rung.letter)
    end
  end
  return due, table.concat(rest, ',')
end

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

local carried = {} -- rooms of which a delivery is known to take what is due

local function remind(it, obligation, seller, rung, breaches)
  redis.call('HINCRBY', key.conversation(it.conversation), 'unheeded', 1)
  local rooms = remembered(rooms_of, seller, rooms_now)
  for i = 1, #rooms, 2 do
    local room, lane = rooms[i], rooms[i + 1]
    if nudge(it, obligation, room, lane, rung, wall) and not carried[room] then
      carry_nudges(obligation, room, lane, rung, wall)
      carried[room] = true
    end
  end
  if breaches then
    redraw_everywhere(it.conversation, seller, wall)
  end
end

local others = {}

local function hand_out(moment)
  redis.call('ZADD', key.agenda(), now + lease, moment)
  others[#others + 1] = moment
end

-- What is settled has a moment only until its rule lets it into the rate.
local function let_in(obligation, it, shop)
  local verdict = verdict_at(it.why, it.due, it.answered, it.enters, now)
  enter(obligation, shop, kind_of(it.asks), it.from, verdict)
  await_entry(obligation, shop, not verdict)
  redis.call('ZREM', key.agenda(), obligation)
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
    redis.call('ZREM', key.agenda(), obligation)
    return
  end
  local about = redis.call('HMGET', key.conversation(it.conversation), 'seller', 'shop', 'sending')
  local seller, shop = about[1], about[2]
  if not owed[it.state] then
    let_in(obligation, it, shop)
    return
  end
  if it.terms ~= remembered(terms_of_shop, shop, terms_now) then
    redis.call('ZADD', key.agenda(), now + lease, obligation)
    hand_out('fold/' .. it.conversation)
    return
  end
  local due, rest = passed(it.plan, it.at)
  if due and due.letter == BREACH and from[it.state] then
    -- A reply on its way may have been accepted in time: its outcome is waited for, up to a minute.
    local breach_at = it.at + due.at
    if now < breach_at + patience and about[3] then
      redis.call('ZADD', key.agenda(), math.min(now + 1000, breach_at + patience), obligation)
      return
    end
    it.state = to
    redis.call('HINCRBY', key.conversation(it.conversation), 'facts', 1)
    enter(obligation, shop, kind_of(it.asks), it.from, verdict_at(it.why, it.due, nil, it.enters, now))
  end
  local rung = due and rung_of(due.letter, due.at) or ''
  redis.call('HSET', key.obligation(obligation), 'state', it.state, 'plan', rest, 'told', now, 'rung', rung)
  schedule(obligation, it.at, rest, now)
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
ring()
local first = redis.call('ZRANGE', key.agenda(), 0, 0, 'WITHSCORES')
return { first[2] or '', others, tostring(earliest) }
