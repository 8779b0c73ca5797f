-- @include verdicts
-- What has entered the rate by now though no worker has written it yet: its moment stands in the agenda, by
-- `soon` whatever put it off. `ledgers` are {shop, kind}…. Answers {counts from, obligation, met}….
local function unwritten(ledgers, now, soon)
  local moments = redis.call('ZRANGEBYSCORE', key.agenda(), '-inf', soon)
  if #moments == 0 then
    return moments
  end
  now = tonumber(now)
  local wanted, found = {}, {}
  for _, each in ipairs(ledgers) do
    wanted[each[1] .. '/' .. each[2]] = true
  end
  for _, moment in ipairs(moments) do
    local it = string.find(moment, '/', 1, true) and {}
      or redis.call('HMGET', key.obligation(moment), 'due', 'of', 'asks', 'why', 'from', 'at', 'answered', 'enters')
    local due = tonumber(it[1] or '')
    if due and due <= now and not it[4] then
      local shop, kind = redis.call('HGET', key.conversation(it[2]), 'shop'), kind_of(it[3])
      local verdict = wanted[shop .. '/' .. kind] and verdict_at(nil, due, tonumber(it[7] or ''), it[8], now)
      if verdict and not redis.call('ZSCORE', key.ledger(shop, kind, verdict), moment) then
        found[#found + 1] = { tonumber(it[5] or it[6]), moment, verdict == 'met' }
      end
    end
  end
  return found
end
