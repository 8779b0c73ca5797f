-- An obligation has one moment in the agenda: its next. The others wait in its plan, `<seconds since it opened><letter>,…`
-- in time order, as `core.domain.reminders` packs it.
local BREACH = 'b'

local function split(plan)
  local rungs = {}
  for seconds, letter in string.gmatch(plan or '', '(%d+)(%a)') do
    rungs[#rungs + 1] = { at = tonumber(seconds) * 1000, letter = letter }
  end
  return rungs
end

-- Needs `queue`: what is due already wakes the workers.
local function schedule(obligation, opened_at, plan, wall)
  local first = split(plan)[1]
  if first then
    redis.call('ZADD', key.agenda(), opened_at + first.at, 'obligation/' .. obligation)
    woken = woken or opened_at + first.at <= wall
  else
    redis.call('ZREM', key.agenda(), 'obligation/' .. obligation)
  end
end
