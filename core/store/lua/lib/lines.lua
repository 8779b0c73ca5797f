-- Conversations as the inbox lists them. Needs no other library.
local shop_names = {}

local function shop_name(shop)
  if shop_names[shop] == nil then
    shop_names[shop] = redis.call('HGET', key.shop(shop), 'name') or ''
  end
  return shop_names[shop]
end

-- The beginning of what was said, or nothing for a message that is no more.
local function spoken(message, bytes)
  local it = redis.call('HMGET', key.message(message), 'sent_at', 'text', 'deleted', 'start')
  if it[1] then
    return { it[2] and string.sub(it[2], 1, bytes) or '', it[3] and 1 or 0, it[4] and 1 or 0, it[2] and 0 or 1 }
  end
end

-- {id, shop's name, marketplace's id, buyer, who claimed it, what is sending, owed, deadline, overdue, {asked}, {newest…}}:
-- the nearest deadline of all that is owed there; with the `count` newest messages, each cut to so many `bytes`.
local function line_of(conversation, count, bytes)
  local about = redis.call('HMGET', key.conversation(conversation), 'shop', 'key', 'buyer', 'claimed', 'claimed_name',
    'sending', 'asked', 'open')
  if not about[1] then
    return nil
  end
  local due, breached = math.huge, 0
  for obligation in string.gmatch(about[8] or '', '%S+') do
    local it = redis.call('HMGET', key.obligation(obligation), 'due', 'state')
    due = math.min(due, tonumber(it[1] or '') or math.huge)
    breached = it[2] == 'breached' and 1 or breached
  end
  local newest = {}
  for _, message in ipairs(count > 0 and redis.call('ZREVRANGE', key.messages(conversation), 0, count - 1) or {}) do
    newest[#newest + 1] = spoken(message, bytes)
  end
  local on_it = about[4] and (about[5] ~= '' and about[5] or about[4]) or ''
  return {
    conversation, shop_name(about[1]), about[2] or '', about[3] or '', on_it, about[6] or '', about[8] and 1 or 0,
    due < math.huge and string.format('%.0f', due) or '', breached, about[7] and spoken(about[7], bytes) or {}, newest,
  }
end

-- The conversations of obligations, each once, in their order; those in `seen` are left out. By `queued` so is an obligation
-- whose message is being reported as spam: it is owed, and stands in no queue.
local function conversations_of(obligations, seen, most, queued)
  local found = {}
  for _, obligation in ipairs(obligations) do
    local conversation = redis.call('HGET', key.obligation(obligation), 'of')
    if conversation and not seen[conversation] and #found < most then
      local reported = queued and redis.call('HGET', key.conversation(conversation), 'reporting')
      if not (reported and string.sub(reported, 4) == string.sub(obligation, 4)) then
        seen[conversation] = true
        found[#found + 1] = conversation
      end
    end
  end
  return found
end
