#!lua
-- The marketplace says what a shop's seller answered: on the site, or it is the echo of our own reply. An answer settles
-- whatever opened before it was written. A message that is known, or the alias of one, is its own mark of having been taken.
-- Answers for each accepted, fold or duplicate; or missing for all (no such shop).
local wall = tonumber(ARGV[1])
local now = tonumber(ARGV[2])
local shop = ARGV[3]
local told = cmsgpack.unpack(ARGV[4]) -- each as `Answering` in core/store/events.py
local from = cjson.decode(ARGV[5])
local to = ARGV[6]
local forget_at = tonumber(ARGV[7])
-- @include queue
-- @include rooms
-- @include told
-- @include settle
-- @include replies

local seller = redis.call('HGET', key.shop(shop), 'seller')
if not seller then
  return 'missing'
end

local messages = {}
for i, it in ipairs(told) do
  messages[i] = it.message
end
local some_early = any_early(messages)

local rooms = {}
each_room(seller, function(room)
  rooms[#rooms + 1] = room
end)

local function take(it)
  local conversation, message = it.conversation, it.message
  local name = key.conversation(conversation)
  local heads = settling_heads(conversation, 'buyer_at', 'order_at', 'url_at', 'wrote', 'held', 'version',
    unpack(rooms))
  local since = { heads.buyer_at, heads.order_at, heads.url_at, heads.seller }
  local about = newest_told(since, it.stamp, it.conversation_fields, seller, shop)
  local function say(field, value)
    about[#about + 1], about[#about + 2] = field, value
  end
  local function keep_about()
    if #about > 0 then
      redis.call('HSET', name, unpack(about))
    end
  end
  if it.history then
    known_since(shop, it.sent_at)
  end
  if redis.call('EXISTS', key.message(message), key.alias(message)) > 0 then
    keep_about()
    return 'duplicate'
  end
  local own = find_echo(conversation, it.reply, it.text, heads.wrote)
  if own then
    keep_about()
    return accept_reply(own, it.sent_at, message, from, to, wall, now, forget_at) and 'accepted' or 'fold'
  end
  redis.call('HSET', key.message(message), 'conversation', conversation, unpack(it.message_fields))
  if some_early then
    catch_up(message)
  end
  redis.call('ZADD', key.messages(conversation), it.sent_at, message)
  heads.seller, heads.shop = seller, shop -- They are not kept yet where this is the first that is heard of it.
  local settled, owed = settle(conversation, heads, say, message, it.sent_at, it.sent_at, it.how, from, to, now, forget_at,
    it.history)
  local shows = not it.history or owed > 0
  if not it.history then
    say('said', message)
  end
  if shows then
    say('version', tonumber(heads.version or '0') + 1)
  end
  keep_about()
  if not it.history then
    if heads.held then
      stop_held(conversation, seller, 'answered', '', wall)
    end
    note_and_draw(conversation, seller, message, 'receipt', RECEIPT, wall, nil, put, heads)
  elseif shows then
    draw_everywhere(conversation, seller, wall)
  end
  return settled and 'accepted' or 'fold'
end

local words = {}
for i, it in ipairs(told) do
  words[i] = take(it)
end
ring()
return words
