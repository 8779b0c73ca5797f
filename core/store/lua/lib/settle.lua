-- @include obligations
-- @include claims
-- An accepted reply settles all that opened before it was written. Where it is the newest word of its conversation, that
-- is all that is owed; whatever else follows is worked out from the history.
local PLAIN = { manual = true, quick = true }

-- Answers whether it is settled (if not, a fold will say what is), and how many were owed. Needs `queue`.
local function settle(conversation, message, written_at, accepted_at, how, from, to, now, forget_at, history)
  local name = key.conversation(conversation)
  local found = redis.call('HMGET', name, 'seller', 'shop', 'in_inbox', 'in_order', 'out', 'open', 'odd', 'marked',
    'imported', 'facts')
  local seller, shop, out, open = found[1], found[2], tonumber(found[5] or ''), found[6]
  local asked = newest(found[3] or '', found[4] or '')
  redis.call('HSET', name, 'facts', tonumber(found[10] or '0') + 1, 'out', math.max(out or 0, accepted_at))
  local in_order = accepted_at > tonumber(found[9] or '-1') and not (asked and (written_at < asked or accepted_at < asked)) and not (out and accepted_at <= out)
  if not in_order or found[7] or found[8] or not PLAIN[how] then
    fold_later(conversation, now, history)
    return false, 0
  end
  local count = 0
  each_owed(open, function(obligation)
    count = count + 1
    local it = redis.call('HMGET', key.obligation(obligation), 'state', 'at', 'due', 'asks', 'why', 'from', 'enters')
    if not from[it[1]] then
      return
    end
    local due = tonumber(it[3])
    local verdict = verdict_at(it[5], due, accepted_at, it[7], now)
    -- What was answered but has not entered the rate yet comes back when it is due.
    local plan = not verdict and due and string.format('%d%s', math.ceil((due - it[2]) / 1000), BREACH) or ''
    redis.call('HSET', key.obligation(obligation), 'state', to, 'answered', accepted_at, 'answer', message, 'plan', plan)
    redis.call('ZREM', key.owed(seller), obligation)
    schedule(obligation, tonumber(it[2]), plan, now)
    local counted_from = tonumber(it[6] or it[2])
    if it[1] == 'open' and verdict then -- Nearly always: it stands in no other part of the ledger.
      redis.call('ZADD', key.ledger(shop, kind_of(it[4]), verdict), counted_from, obligation)
    else
      enter(obligation, shop, kind_of(it[4]), counted_from, verdict)
      await_entry(obligation, shop, not verdict, due)
    end
  end)
  duty_ends(conversation)
  redis.call('ZADD', key.agenda(), forget_at, text_moment(conversation))
  return true, count
end
