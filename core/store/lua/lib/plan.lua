-- An obligation has one moment in the agenda, its next, under its own id. The others wait in its plan,
-- `<seconds since it opened><letter>,…` in time order, as `core.domain.reminders` packs it.
local BREACH = 'b'

-- The last rung of a plan that has passed by an instant, and the plan that is left. `but`: a letter to stop at.
local function passed(plan, opened_at, by, but)
  local last, left = nil, 1
  for seconds, letter, behind in string.gmatch(plan or '', '(%d+)(%a),?()') do
    local at = tonumber(seconds) * 1000
    if opened_at + at > by or letter == but then
      break
    end
    last, left = { at = at, letter = letter }, behind
  end
  return last, string.sub(plan or '', left)
end

-- When the next rung of a plan falls due; nil where none is left.
local function next_rung_at(plan, opened_at)
  local seconds = string.match(plan or '', '^(%d+)')
  return seconds and opened_at + tonumber(seconds) * 1000
end

-- Needs `queue`: what is due already wakes the workers.
local function schedule(obligation, opened_at, plan, now)
  local at = next_rung_at(plan, opened_at)
  if not at then
    remove_later(key.agenda(), obligation)
    return
  end
  add_later(key.agenda(), at, obligation)
  woken = woken or at <= now
end
