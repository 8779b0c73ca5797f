-- @include plan
-- @include verdicts
-- Obligations and the ledger. An obligation's id is that of the message that opened it, with an `o` for its `m`. Its
-- fields are `state`, `of` (the conversation), `at` (when the buyer wrote), `asks` (its kind and order), `due`, `policy`,
-- `plan`, `terms` (the version of the settings that the plan came from), `told` (until when members were told of it),
-- `rung` (of what they were reminded last), `unheeded` (the rungs that were said since any of them did something); and
-- where there is something to say `why` (it does not count), `from` (it counts from later than `at`), `start` (its clock does),
-- `answered`, `answer`, `ended`, `by` (what ended it), `enters` (when its rule lets it into the rate, unless that is when
-- it is due or answered) and `quiet` (an import brought it: nobody is reminded).
local VERDICTS = { 'met', 'missed', 'excluded' }

local function obligation_of(message)
  return string.sub(message, 1, 2) .. 'o' .. string.sub(message, 4)
end

local function message_of(obligation)
  return string.sub(obligation, 1, 2) .. 'm' .. string.sub(obligation, 4)
end

-- It stands in the ledger once, under its verdict, by when it counts from.
local function enter(obligation, shop, kind, counted_from, verdict)
  for _, other in ipairs(VERDICTS) do
    if other ~= verdict then
      redis.call('ZREM', key.ledger(shop, kind, other), obligation)
    end
  end
  if verdict then
    redis.call('ZADD', key.ledger(shop, kind, verdict), counted_from, obligation)
  end
end

-- What is settled but not in the rate yet waits here for the instant at which its rule lets it in, if it ever does; what is
-- owed waits among what is owed.
local function await_entry(obligation, shop, waits, due)
  if waits then
    redis.call('ZADD', key.coming(shop), due and tonumber(due) or math.huge, obligation)
  else
    redis.call('ZREM', key.coming(shop), obligation)
  end
end

-- The obligations of a conversation that are owed; seldom more than one.
local function each_owed(open, visit)
  for obligation in string.gmatch(open or '', '%S+') do
    visit(obligation)
  end
end

local IMPORT = 2000 -- An import tells one message after the other: what follows is worked out when it pauses.

-- What follows from the history is to be worked out: at once by whoever told us, or else by the next worker.
local function fold_later(conversation, now, history)
  redis.call('ZADD', key.agenda(), history and now + IMPORT or now, 'fold/' .. conversation)
  woken = woken or not history
end

-- The words of a conversation go some time after the last that was owed is settled; whoever finds something owed by then
-- leaves them to the next settling.
local function text_moment(conversation)
  return 'text/' .. conversation
end

-- Its buyer wrote during an absence, and is perhaps sent a holding reply.
local function holding_moment(conversation)
  return 'holding/' .. conversation
end

-- The newest instant of a conversation's history, as far as an hour is known of it.
local function newest(...)
  local last
  for _, at in ipairs({ ... }) do
    local known = tonumber(at or '')
    if known and (not last or known > last) then
      last = known
    end
  end
  return last
end
