-- What becomes of our own replies. Needs `queue`, `rooms` and `settle`.
local ALIAS_TTL = 604800 -- As long as events of a marketplace are known: seven days.

local WAITS = { sending = true, by_hand = true }

-- The reply that the marketplace echoes: by our id, else by its text among what is being sent.
local function find_echo(conversation, reply, text)
  if reply ~= '' and redis.call('HGET', key.message(reply), 'conversation') == conversation then
    return reply
  end
  for _, candidate in ipairs(redis.call('ZREVRANGE', key.messages(conversation), 0, 19)) do
    local found = redis.call('HMGET', key.message(candidate), 'incoming', 'state', 'text')
    if found[1] == '0' and WAITS[found[2]] and found[3] == text then
      return candidate
    end
  end
end

-- Its delivery is needed no more, unless it is on its way: then its outcome will find the reply accepted.
local function call_off(reply, wall)
  local found = redis.call('HMGET', key.delivery(reply), 'state', 'lane', 'strand')
  if not found[1] or found[1] == 'sending' then
    return
  end
  local lane, strand = found[2], found[3]
  advance(reply, lane, strand, wall)
  redis.call('DEL', key.delivery(reply))
  touch(lane, wall)
end

-- The marketplace has the reply: what opened before it was written is answered, and every room is told.
local function accept_reply(reply, accepted_at, alias, wall, from, to)
  local found = redis.call('HMGET', key.message(reply), 'state', 'conversation', 'sent_at')
  local conversation, written_at = found[2], tonumber(found[3])
  if alias ~= '' then
    redis.call('SET', key.alias(alias), reply, 'EX', ALIAS_TTL)
  end
  if found[1] == 'sent' then
    return
  end
  local seller = redis.call('HGET', key.conversation(conversation), 'seller')
  redis.call('HSET', key.message(reply), 'state', 'sent', 'accepted_at', accepted_at, 'problem', '')
  redis.call('HDEL', key.conversation(conversation), 'sending')
  settle_before(conversation, seller, written_at, accepted_at, from, to, reply)
  call_off(reply, wall)
  note_everywhere(conversation, seller, reply, 'receipt', RECEIPT, wall, { 'outcome', 'sent' })
  redraw_everywhere(conversation, seller, wall)
end
