-- What is told of a shop's availability. Needs `queue`.

-- From now on the shop's rules are other ones; what the change may have touched is worked out anew by a moment of its own.
-- False where a newer word is known under this name.
local function tell_absence(shop, name, stamp, value, since, now)
  local was = redis.call('HGET', key.absences(shop), name)
  if was and string.sub(was, 1, #stamp) > stamp then
    return false
  end
  redis.call('HSET', key.absences(shop), name, value)
  redis.call('HINCRBY', key.shop(shop), 'rules', 1)
  local was_from = was and tonumber(string.match(was, '^%S+ (%d+)')) -- as it was told before
  redis.call('ZADD', key.agenda(), now, string.format('recount/%s/%d', shop, math.min(since, was_from or since)))
  woken = true
  return true
end
