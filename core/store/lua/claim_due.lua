#!lua
-- Fires the moments that are due. An obligation's is turned into its one warning that is true now, in every room that
-- shows its card, or into its breach; any other moment is put off by `lease` and handed out, so that another worker
-- takes over if this one dies. Answers {instant of the next moment or '', {moment, …}}.
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
-- @include ledger
-- @include plan

local ALARM = 0

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

local function remind(obligation, conversation, message, letter, at, state)
  local seller = redis.call('HGET', key.conversation(conversation), 'seller')
  each_room(seller, function(room, lane)
    if redis.call('HEXISTS', key.cards(conversation), room) == 1 then
      enqueue(obligation .. '-' .. room .. '-' .. letter .. at, lane, strand_of(conversation, room), ALARM, wall, {
        'kind', 'reminder', 'conversation', conversation, 'message', message, 'room', room,
        'rung', letter, 'guard', obligation, 'guard_state', state,
      })
    end
  end)
  if letter == BREACH then
    redraw_everywhere(conversation, seller, wall)
  end
end

local function fire(moment, obligation)
  local name = key.obligation(obligation)
  local found = redis.call('HMGET', name, 'state', 'conversation', 'opened_at', 'plan', 'message')
  local state, conversation, opened_at = found[1], found[2], tonumber(found[3])
  if not state or not owed[state] then
    redis.call('ZREM', key.agenda(), moment)
    return
  end
  local due, rest = passed(found[4], opened_at)
  if due and due.letter == BREACH and from[state] then
    -- A reply on its way may have been accepted in time: its outcome is waited for, up to a minute.
    local breach_at = opened_at + due.at
    if now < breach_at + patience and redis.call('HEXISTS', key.conversation(conversation), 'sending') == 1 then
      redis.call('ZADD', key.agenda(), math.min(now + 1000, breach_at + patience), moment)
      return
    end
    state = to
    redis.call('HSET', name, 'state', state)
    enter(obligation, 'missed')
  end
  redis.call('HSET', name, 'plan', rest)
  schedule(obligation, opened_at, rest, wall)
  if due then
    remind(obligation, conversation, found[5], due.letter, due.at, state)
  end
end

local others = {}
for _, moment in ipairs(redis.call('ZRANGEBYSCORE', key.agenda(), '-inf', now, 'LIMIT', 0, limit)) do
  local obligation = string.match(moment, '^obligation/(.+)$')
  if obligation then
    fire(moment, obligation)
  else
    redis.call('ZADD', key.agenda(), now + lease, moment)
    others[#others + 1] = moment
  end
end
ring()
local first = redis.call('ZRANGE', key.agenda(), 0, 0, 'WITHSCORES')
return { first[2] or '', others }
