#!lua flags=no-writes
-- What does not agree about obligations: with the list of what is owed, with their conversation, the agenda, the ledger
-- and the cards. A conversation that is to be worked out anew is not judged before that is done.
-- Answers {{flaw, obligation, conversation, room or ''}, …}.
local obligations = cjson.decode(ARGV[1])
local seller = ARGV[2] -- in whose list of what is owed they stood; empty where they were found by themselves
local now = tonumber(ARGV[3])
local late = tonumber(ARGV[4])
local most = tonumber(ARGV[5]) -- a room linked while more was owed was not shown all of it
local owed_states = cjson.decode(ARGV[6])
-- @include queue
-- @include rooms
-- @include obligations
-- @include nudges

local flaws = {}

local function read(obligation)
  local found = redis.call('HMGET', key.obligation(obligation), 'state', 'of', 'at', 'due', 'asks', 'why', 'answered',
    'enters', 'plan', 'quiet')
  return {
    id = obligation, state = found[1], of = found[2], at = tonumber(found[3] or ''), due = tonumber(found[4] or ''),
    asks = found[5], why = found[6], answered = tonumber(found[7] or ''), enters = found[8], plan = found[9] or '',
    quiet = found[10], is_owed = owed_states[found[1]] == true,
  }
end

local function list_flaw(it, whose)
  local score = redis.call('ZSCORE', key.owed(whose), it.id)
  if it.is_owed then
    return (not score or tonumber(score) ~= (it.due or math.huge)) and 'owed_missing' or nil
  end
  return score and 'owed_stray' or nil
end

local function open_flaw(it, open)
  local is_listed = string.find(' ' .. (open or '') .. ' ', ' ' .. it.id .. ' ', 1, true) ~= nil
  return is_listed ~= it.is_owed and 'open_wrong' or nil
end

-- A moment may have been put off a little: while a reply is on its way, or while a conversation is worked out anew.
local function moment_flaw(it)
  local at = next_rung_at(it.plan, it.at)
  if not at then
    return it.state == 'open' and it.due and 'moment_missing' or nil
  end
  local score = tonumber(redis.call('ZSCORE', key.agenda(), it.id) or '')
  return (not score or score > math.max(at, now) + late) and 'moment_missing' or nil
end

local function expected_verdict(it)
  if it.why then
    return 'excluded'
  end
  if it.state == 'open' or it.plan ~= '' then
    return nil -- Its moment will say so.
  end
  return verdict_at(it.why, it.due, it.answered, it.enters, now)
end

local function ledger_flaw(it, shop)
  local expected = expected_verdict(it)
  local early = it.is_owed and it.enters == 'all' and 'missed' -- Counted from the start, until it is answered.
  local waits = redis.call('ZSCORE', key.coming(shop), it.id) ~= false
  if waits ~= (not it.is_owed and not expected) then
    return 'ledger_wrong'
  end
  for _, verdict in ipairs(VERDICTS) do
    local stands = redis.call('ZSCORE', key.ledger(shop, kind_of(it.asks), verdict), it.id) ~= false
    if stands ~= (verdict == expected) and verdict ~= early then
      return 'ledger_wrong'
    end
  end
end

local function note(flaw, it, room)
  if flaw then
    flaws[#flaws + 1] = { flaw, it.id, it.of or '', room or '' }
  end
end

-- A card that is still to be posted stands in its strand, or was given up, of which somebody was told.
local function is_given_up(whose, conversation, room)
  for _, delivery in ipairs(redis.call('ZRANGE', key.given_up(whose), 0, -1)) do
    local was = redis.call('HMGET', key.parked(delivery), 'kind', 'conversation', 'room')
    if was[1] == 'card' and was[2] == conversation and was[3] == room then
      return true
    end
  end
end

local function card_flaws(it, whose)
  local shows_all = redis.call('ZCARD', key.owed(whose)) <= most
  each_room(whose, function(room, lane)
    local posted = redis.call('HGET', key.conversation(it.of), room)
    local is_lost = posted == '' and redis.call('EXISTS', key.strand(lane, strand_of(it.of, room))) == 0
      and not is_given_up(whose, it.of, room)
    if is_lost or (not posted and shows_all and is_shown(it.of, room, it.asks)) then
      note('card_missing', it, room)
    end
  end)
end

local function reminder_flaws(it, whose)
  each_room(whose, function(room, lane)
    if redis.call('ZSCORE', key.nudges(room), it.id) and redis.call('EXISTS', key.strand(lane, strand_of_nudges(room))) == 0 then
      note('reminder_stray', it, room)
    end
  end)
end

for _, obligation in ipairs(obligations) do
  local it = read(obligation)
  local heads = redis.call('HMGET', key.conversation(it.of or ''), 'seller', 'shop', 'open')
  if not it.state then
    note(seller ~= '' and redis.call('ZSCORE', key.owed(seller), obligation) and 'owed_stray' or nil, it)
  elseif heads[1] and not redis.call('ZSCORE', key.agenda(), 'fold/' .. it.of) then
    note(list_flaw(it, heads[1]), it)
    note(open_flaw(it, heads[3]), it)
    note(moment_flaw(it), it)
    note(ledger_flaw(it, heads[2]), it)
    if it.is_owed and not it.quiet then
      card_flaws(it, heads[1])
      reminder_flaws(it, heads[1])
    end
  end
end
return flaws
