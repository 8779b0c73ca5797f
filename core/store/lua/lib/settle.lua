-- @include duties
-- How obligations end. An accepted reply settles all that opened before it was written; what the buyer wrote after that
-- is owed an answer of its own.
local function settle_before(conversation, seller, written_at, settled_at, from, to, message, wall)
  local name = key.open_(conversation)
  local settled = 0
  for _, obligation in ipairs(redis.call('ZRANGEBYSCORE', name, '-inf', written_at)) do
    local state = redis.call('HGET', key.obligation(obligation), 'state')
    if from[state] then
      redis.call('HSET', key.obligation(obligation), 'state', to, 'settled_at', settled_at, 'answer', message)
      redis.call('ZREM', name, obligation)
      redis.call('ZREM', key.owed(seller), obligation)
      redis.call('ZREM', key.agenda(), 'obligation/' .. obligation)
      enter(obligation, verdict_at(obligation, settled_at))
      settled = settled + 1
    end
  end
  local answered = tonumber(redis.call('HGET', key.conversation(conversation), 'answered') or '0')
  if written_at > answered then
    redis.call('HSET', key.conversation(conversation), 'answered', written_at)
    answered = written_at
  end
  local newest = redis.call('ZREVRANGE', key.messages(conversation), 0, 0, 'WITHSCORES')[2]
  if newest and tonumber(newest) > written_at then -- Told late, or overtaken by the buyer.
    reopen(conversation, seller, answered, wall)
    ask(conversation)
  end
  return settled
end
