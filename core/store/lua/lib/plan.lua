-- An obligation has one moment in the agenda, its next, under its own id. The others wait in its plan,
-- `<seconds since it opened><letter>,…` in time order, as `core.domain.reminders` packs it.
local BREACH = 'b'

-- The last rung of a plan that has passed by an instant, its letter and its seconds as text, if any has; the plan that is
-- left; and when its first rung falls due, if there is one. `but`: a letter to stop at.
local function passed(plan, opened_at, by, but)
  local letter, seconds, left = nil, nil, 1
  while true do
    local _, ends, next_seconds, next_letter = string.find(plan, '^(%d+)(%a),?', left)
    if not ends then
      return letter, seconds, ''
    end
    local at = opened_at + next_seconds * 1000
    if at > by or next_letter == but then
      return letter, seconds, string.sub(plan, left), at
    end
    letter, seconds, left = next_letter, next_seconds, ends + 1
  end
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
