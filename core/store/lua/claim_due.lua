#!lua
-- Fires the moments that are due. An obligation's is turned into its one warning that is true now, for every room that
-- is to see it, or into its breach; one whose plan came from older settings is worked out anew. Any other moment is
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

local settings = {} -- of each shop, the version that it has now

local function settings_now(shop)
  settings[shop] = settings[shop] or redis.call('HGET', key.shop(shop), 'terms') or ''
  return settings[shop]
end

-- What is written once for all that was fired: the moments to come, those that are done, and by seller what their rooms
-- are to be reminded of.
local coming, done, reminded = {}, {}, {}
local told = tostring(now) -- A number is spelled anew in each command.

local function come(moment, at)
  if at then
    coming[#coming + 1], coming[#coming + 2] = at, moment
  else
    done[#done + 1] = moment
  end
end

local others = {}

local function hand_out(moment)
  come(moment, now + lease)
  others[#others + 1] = moment
end

-- It stands in the ledger from now on, if its rule lets it in. Answers whether it does.
local function let_in(obligation, shop)
  local it = redis.call('HMGET', key.obligation(obligation), 'asks', 'why', 'due', 'answered', 'enters', 'from', 'at')
  local verdict = verdict_at(it[2], tonumber(it[3]), tonumber(it[4] or ''), it[5], now)
  enter(obligation, shop, kind_of(it[1]), tonumber(it[6] or it[7]), verdict)
  return verdict ~= nil
end

-- What is settled has a moment only until its rule lets it into the rate.
local function fire_settled(obligation, shop)
  await_entry(obligation, shop, not let_in(obligation, shop))
  come(obligation, nil)
  redis.call('HSET', key.obligation(obligation), 'plan', '')
end

-- A reply on its way may have been accepted in time: its outcome is waited for until `patience` has passed.
local function breach(obligation, conversation, shop, breach_at)
  if now < breach_at + patience and redis.call('HGET', key.conversation(conversation), 'sending') then
    come(obligation, math.min(now + 1000, breach_at + patience))
    return false
  end
  redis.call('HSET', key.obligation(obligation), 'state', to)
  redis.call('HINCRBY', key.conversation(conversation), 'facts', 1)
  let_in(obligation, shop)
  return true
end

local function remind(obligation, seller, due)
  local owed_by = reminded[seller] or {}
  reminded[seller] = owed_by
  owed_by[#owed_by + 1], owed_by[#owed_by + 2] = due, obligation
end

-- It is read and written as little as can be: thousands may fall due at once.
local function fire(obligation)
  local name = key.obligation(obligation)
  local it = redis.call('HMGET', name, 'state', 'of', 'at', 'plan', 'terms', 'due')
  local state, conversation = it[1], it[2]
  if not state then
    come(obligation, nil)
    return
  end
  local about = redis.call('HMGET', key.conversation(conversation), 'seller', 'shop')
  local seller, shop = about[1], about[2]
  if not owed[state] then
    fire_settled(obligation, shop)
    return
  end
  if it[5] ~= settings_now(shop) then
    come(obligation, now + lease)
    hand_out('fold/' .. conversation)
    return
  end
  local at = tonumber(it[3])
  local letter, seconds, rest, next_at = passed(it[4], at, now)
  if not letter then
    come(obligation, next_at)
    return
  end
  if letter == BREACH and from[state] and not breach(obligation, conversation, shop, at + seconds * 1000) then
    return
  end
  come(obligation, next_at)
  redis.call('HSET', name, 'plan', rest, 'told', told, 'rung', rung_of(letter, seconds))
  if letter == BREACH then
    if redis.call('HGET', name, 'quiet') then -- An import's plan has a breach and nothing else.
      return
    end
    redraw_everywhere(conversation, seller, wall)
  end
  remind(obligation, seller, it[6] ~= '' and it[6] or 'inf')
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
for seller, owed_by in pairs(reminded) do
  each_room(seller, function(room, lane)
    remind_room(room, lane, owed_by, wall)
  end)
end
ring()
local first = redis.call('ZRANGE', key.agenda(), 0, 0, 'WITHSCORES')
return { first[2] or '', others, tostring(earliest) }
