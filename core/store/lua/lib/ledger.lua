-- The ledger: each obligation that counts stands in it once, under its verdict, by when the buyer wrote.
local function enter(obligation, verdict)
  local found = redis.call('HMGET', key.obligation(obligation), 'shop', 'kind', 'opened_at', 'counts')
  if found[4] ~= '1' then
    return
  end
  for _, other in ipairs({ 'met', 'missed' }) do
    if other ~= verdict then
      redis.call('ZREM', key.ledger(found[1], found[2], other), obligation)
    end
  end
  redis.call('ZADD', key.ledger(found[1], found[2], verdict), found[3], obligation)
end

-- In time is what the marketplace accepted by the deadline; an obligation without one is always met.
local function verdict_at(obligation, answered_at)
  local deadline = tonumber(redis.call('HGET', key.obligation(obligation), 'deadline') or '')
  return deadline and answered_at > deadline and 'missed' or 'met'
end
