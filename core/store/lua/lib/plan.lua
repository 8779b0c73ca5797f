-- An obligation has one moment in the agenda, its next, under its own id. The others wait in its plan,
-- `<seconds since it opened><letter>,…` in time order, as `core.domain.reminders` packs it.
local BREACH = 'b'

local function split(plan)
  local rungs = {}
  for seconds, letter in string.gmatch(plan or '', '(%d+)(%a)') do
    rungs[#rungs + 1] = { at = tonumber(seconds) * 1000, letter = letter }
  end
  return rungs
end

-- Needs `queue`: what is due already wakes the workers.
local function schedule(obligation, opened_at, plan, now)
  local seconds = string.match(plan, '^(%d+)')
  if not seconds then
    redis.call('ZREM', key.agenda(), obligation)
    return
  end
  local at = opened_at + tonumber(seconds) * 1000
  redis.call('ZADD', key.agenda(), at, obligation)
  woken = woken or at <= now
end
