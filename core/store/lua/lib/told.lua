-- What an event says of its conversation: of each thing the newest telling stays, whatever order they come in.
-- `stamp` sorts as text: when it was said, then the event.
-- `told` is what is known of it: buyer_at, order_at, url_at and seller. Answers what is to be written, a flat list.
local function newest_told(told, stamp, fields, seller, shop)
  local since = { buyer = told[1], order = told[2], url = told[3] }
  local is_new = not told[4]
  local newest = is_new and { 'seller', seller, 'shop', shop } or {}
  for i = 1, #fields, 2 do
    local field = fields[i]
    local changes = since[field] ~= nil
    if changes and (not since[field] or stamp > since[field]) then
      newest[#newest + 1], newest[#newest + 2] = field, fields[i + 1]
      newest[#newest + 1], newest[#newest + 2] = field .. '_at', stamp
    elseif is_new and not changes then
      newest[#newest + 1], newest[#newest + 2] = field, fields[i + 1]
    end
  end
  return newest
end

local function keep_newest(conversation, told, stamp, fields, seller, shop)
  local newest = newest_told(told, stamp, fields, seller, shop)
  if #newest > 0 then
    redis.call('HSET', key.conversation(conversation), unpack(newest))
  end
end

local function keep_told(conversation, seller, shop, stamp, fields)
  local told = redis.call('HMGET', key.conversation(conversation), 'buyer_at', 'order_at', 'url_at', 'seller')
  keep_newest(conversation, told, stamp, fields, seller, shop)
end

-- An import tells of the time before we were told everything: since then the shop is known.
local function known_since(shop, at)
  if at < tonumber(redis.call('HGET', key.shop(shop), 'known_from')) then
    redis.call('HSET', key.shop(shop), 'known_from', at)
  end
end

-- Whether a change of one of these messages was told before it.
local function any_early(messages)
  local names = {}
  for i, message in ipairs(messages) do
    names[i] = key.early(message)
  end
  return redis.call('EXISTS', unpack(names)) > 0
end

-- A change that was told before its message finds it now. Answers whether the message is withdrawn.
local function catch_up(message)
  local change = redis.call('HGETALL', key.early(message))
  if #change == 0 then
    return false
  end
  redis.call('HSET', key.message(message), 'original', redis.call('HGET', key.message(message), 'text'), unpack(change))
  redis.call('DEL', key.early(message))
  return redis.call('HEXISTS', key.message(message), 'deleted') == 1
end

-- What was done beside writing. From then on the conversation's obligations are worked out from its history.
local function mark(conversation, name, value)
  redis.call('HSET', key.marks(conversation), name, value)
  redis.call('HINCRBY', key.conversation(conversation), 'facts', 1)
end
