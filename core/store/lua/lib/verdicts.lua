-- What the ledger says of it at this instant; nil while it says nothing.
local function verdict_at(why, due, answered, enters, now)
  if why then
    return 'excluded'
  end
  local passed = due and now >= due
  if answered and not (due and answered > due) then
    return (enters ~= 'due' or passed) and 'met' or nil
  end
  if answered then
    return 'missed'
  end
  return ((passed and enters ~= 'answered_only') or enters == 'all') and 'missed' or nil
end

local function kind_of(asks)
  return string.match(asks, '^%a+')
end
