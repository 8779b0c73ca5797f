-- @include obligations
-- @include claims
-- An accepted reply settles all that opened before it was written. Where it is the newest word of its conversation, that
-- is all that is owed; whatever else follows is worked out from the history.
local PLAIN = { manual = true, quick = true }

-- What is looked at of a conversation, and whatever else somebody asks for, by the names of its fields.
local HEADS = { 'seller', 'shop', 'in_inbox', 'in_order', 'out', 'open', 'odd', 'marked', 'imported', 'facts' }

local function settling_heads(conversation, ...)
  local fields = { ... }
  for _, field in ipairs(HEADS) do
    fields[#fields + 1] = field
  end
  local found, heads = redis.call('HMGET', key.conversation(conversation), unpack(fields)), {}
  for i, field in ipairs(fields) do
    heads[field] = found[i]
  end
  return heads
end

local function end_obligation(obligation, heads, message, accepted_at, from, to, now)
  local it = redis.call('HMGET', key.obligation(obligation), 'state', 'at', 'due', 'asks', 'why', 'from', 'enters')
  if not from[it[1]] then
    return
  end
  local due = tonumber(it[3])
  local verdict = verdict_at(it[5], due, accepted_at, it[7], now)
  -- What was answered but has not entered the rate yet comes back when it is due.
  local plan = not verdict and due and string.format('%d%s', math.ceil((due - it[2]) / 1000), BREACH) or ''
  redis.call('HSET', key.obligation(obligation), 'state', to, 'answered', accepted_at, 'answer', message, 'plan', plan)
  remove_later(key.owed(heads.seller), obligation)
  schedule(obligation, tonumber(it[2]), plan, now)
  local counted_from = tonumber(it[6] or it[2])
  if it[1] == 'open' and verdict then -- Nearly always: it stands in no other part of the ledger.
    add_later(key.ledger(heads.shop, kind_of(it[4]), verdict), counted_from, obligation)
  else
    enter(obligation, heads.shop, kind_of(it[4]), counted_from, verdict)
    await_entry(obligation, heads.shop, not verdict, due)
  end
end

-- Answers whether it is settled (if not, a fold will say what is), and how many were owed. `say(field, value)` is told what
-- the conversation says of it from now on. Needs `queue`.
local function settle(conversation, heads, say, message, written_at, accepted_at, how, from, to, now, forget_at, history)
  local out, asked = tonumber(heads.out or ''), newest(heads.in_inbox or '', heads.in_order or '')
  say('facts', tonumber(heads.facts or '0') + 1)
  say('out', math.max(out or 0, accepted_at))
  local in_order = accepted_at > tonumber(heads.imported or '-1')
    and not (asked and (written_at < asked or accepted_at < asked)) and not (out and accepted_at <= out)
  if not in_order or heads.odd or heads.marked or not PLAIN[how] then
    fold_later(conversation, now, history)
    return false, 0
  end
  local count = 0
  each_owed(heads.open, function(obligation)
    count = count + 1
    end_obligation(obligation, heads, message, accepted_at, from, to, now)
  end)
  duty_ends(conversation)
  add_later(key.agenda(), forget_at, text_moment(conversation))
  return true, count
end
