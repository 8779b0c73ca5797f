-- @include persons
-- @include obligations
-- Who has taken a conversation on: `claimed` and `claimed_name`, since `claimed_at`, who did something last at `acted`.
local CLAIM = { 'claimed', 'claimed_name', 'claimed_at', 'acted' }

local function claim_ends(conversation)
  redis.call('HDEL', key.conversation(conversation), unpack(CLAIM))
end

-- Who is writing an answer shows on the cards; a moment ends what nobody ended, and finds nothing to end otherwise.
local function writing_ends(conversation)
  redis.call('HDEL', key.conversation(conversation), 'writing', 'writing_name', 'writing_until')
end

-- A member wrote what they were writing.
local function wrote(conversation, who)
  if redis.call('HGET', key.conversation(conversation), 'writing') == who then
    writing_ends(conversation)
  end
end

-- A member did something about it.
local function heeded(conversation, who, now)
  local name = key.conversation(conversation)
  local found = redis.call('HMGET', name, 'claimed', 'seller', 'open')
  each_owed(found[3], function(obligation)
    redis.call('HDEL', key.obligation(obligation), 'unheeded')
  end)
  if found[1] and same_person(found[2], found[1], who) then
    redis.call('HSET', name, 'acted', now)
  end
end

-- Nothing is owed any more.
local function duty_ends(conversation)
  redis.call('HDEL', key.conversation(conversation), 'open', 'writing', 'writing_name', 'writing_until',
    unpack(CLAIM))
end
