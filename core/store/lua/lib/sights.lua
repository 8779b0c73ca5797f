-- @include threads
-- @include obligations
-- The conversation that something is about: a conversation, a message of it, a draft, or what was posted in a room.
local function conversation_about(what, about, room)
  if what == 'message' then
    return redis.call('HGET', key.message(about), 'conversation')
  elseif what == 'draft' then
    return redis.call('HGET', key.draft(about), 'conversation')
  elseif what == 'posted' then
    return redis.call('GET', key.ref(room, about))
  end
  return about
end

-- Everything that a card is drawn from, or a reply handed over with. False for an unknown conversation.
-- {conversation, shop, seller, {message id, fields}…, {obligation id, fields}…, card in this room, room, habits of the
-- seller's members, the card's own thread in this room, {digest, policy}… that what is owed was opened under,
-- {the obligation of the message that asked, its fields}, how the buyer is held, the conversation's id}
-- The messages are the newest, the one that asked, the reply that is on its way, and the one called `also`.
local function sight_of(conversation, room, limit, also)
  local heads = redis.call('HMGET', key.conversation(conversation), 'shop', 'seller', 'asked', 'open', 'sending')
  if not heads[1] then
    return false
  end
  local fields = redis.call('HGETALL', key.conversation(conversation))
  local messages = {}
  local read = {}
  local function add(id)
    if id and id ~= '' and not read[id] then
      read[id] = true
      messages[#messages + 1] = { id, redis.call('HGETALL', key.message(id)) }
    end
  end
  for _, id in ipairs(redis.call('ZREVRANGE', key.messages(conversation), 0, limit - 1)) do
    add(id)
  end
  add(heads[3])
  add(heads[5])
  add(also)
  local obligations = {}
  local policies = {}
  for id in string.gmatch(heads[4] or '', '%S+') do
    obligations[#obligations + 1] = { id, redis.call('HGETALL', key.obligation(id)) }
    local digest = redis.call('HGET', key.obligation(id), 'policy')
    policies[#policies + 1] = { digest, redis.call('GET', key.policy(digest)) }
  end
  local posted = {}
  if room ~= '' then
    posted = redis.call('HMGET', key.conversation(conversation), room, thread_in(room))
  end
  local latest = obligation_of(heads[3] or '')
  local regards = {}
  if redis.call('EXISTS', key.regards(heads[2])) == 1 then
    local buyer = redis.call('HGET', key.conversation(conversation), 'buyer')
    local id = buyer and cjson.decode(buyer).id or ''
    for _, regard in ipairs({ 'blocked', 'not_buyer' }) do
      local field = regard .. '/' .. heads[1] .. '/' .. (id ~= '' and id or conversation)
      if redis.call('HEXISTS', key.regards(heads[2]), field) == 1 then
        regards[#regards + 1] = regard
      end
    end
  end
  return {
    fields, redis.call('HGETALL', key.shop(heads[1])), redis.call('HGETALL', key.seller(heads[2])),
    messages, obligations, posted[1] or '', redis.call('HGETALL', key.room(room)),
    room ~= '' and redis.call('HGETALL', key.habits(heads[2])) or {}, posted[2] or '', policies,
    { latest, redis.call('HGETALL', key.obligation(latest)) }, regards, conversation,
  }
end
