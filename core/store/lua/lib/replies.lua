-- @include holds
-- What becomes of our own replies. Needs `queue`, `rooms` and `settle`.
local ALIAS_TTL = 604800 -- As long as events of a marketplace are known: seven days.

-- Whether the marketplace may be speaking of this reply, whose text is its own: one that was tried, or that waits to be
-- typed on the site, or that it took without saying under which id.
local function may_be_echoed(reply, state, echoed)
  if state == 'sending' then
    return tonumber(redis.call('HGET', key.delivery(reply), 'tries') or '0') > 0
  end
  return state == 'by_hand' or (state == 'sent' and not echoed)
end

-- The reply that the marketplace echoes: by our id, else the oldest of its text. `wrote`: a member ever wrote there.
local function find_echo(conversation, reply, text, wrote)
  if reply then
    local found = redis.call('HMGET', key.message(reply), 'conversation', 'incoming')
    if found[1] == conversation and found[2] == '0' then
      return reply
    end
  end
  local newest = wrote and redis.call('ZREVRANGE', key.messages(conversation), 0, 19) or {}
  for i = #newest, 1, -1 do
    local found = redis.call('HMGET', key.message(newest[i]), 'incoming', 'state', 'text', 'echoed', 'author')
    if found[1] == '0' and found[5] and found[3] == text and may_be_echoed(newest[i], found[2], found[4]) then
      return newest[i]
    end
  end
end

-- The marketplace has the reply: what it answers is settled, and every room is told. Answers whether that is all; if
-- not, a fold will say what follows.
local function accept_reply(reply, accepted_at, alias, from, to, wall, now, forget_at)
  local found = redis.call('HMGET', key.message(reply), 'state', 'conversation', 'sent_at', 'how')
  local conversation, written_at = found[2], tonumber(found[3])
  if alias ~= '' then
    redis.call('SET', key.alias(alias), reply, 'EX', ALIAS_TTL)
    redis.call('HSET', key.message(reply), 'echoed', '1')
  end
  if found[1] == 'sent' then
    return true
  end
  local heads, said = settling_heads(conversation), {}
  local function say(field, value)
    said[#said + 1], said[#said + 2] = field, value
  end
  redis.call('HSET', key.message(reply), 'state', 'sent', 'accepted_at', accepted_at, 'problem', '')
  redis.call('HDEL', key.conversation(conversation), 'sending')
  local settled = settle(conversation, heads, say, reply, written_at, accepted_at, found[4] or 'manual', from, to, now,
    forget_at)
  redis.call('HSET', key.conversation(conversation), unpack(said))
  call_off(reply, wall)
  note_and_redraw(conversation, heads.seller, reply, 'receipt', RECEIPT, wall, { 'outcome', 'sent' })
  return settled
end
