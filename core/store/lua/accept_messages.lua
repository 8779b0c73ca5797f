#!lua
-- Buyers wrote to a shop: keep each message and ring in every linked room. Where it is the newest word of its conversation,
-- open an obligation, or let it join the one that is owed; what else may follow is worked out from the history. A message
-- that is known is its own mark of having been taken.
-- Answers for each accepted, fold or duplicate; or one word for all, of which none was kept: stale (the shop's rules or its
-- seller's terms have changed), or missing (no such shop).
local wall = tonumber(ARGV[1])
local now = tonumber(ARGV[2])
local shop = ARGV[3]
local rules = ARGV[4]
local terms = ARGV[5]
local told = cmsgpack.unpack(ARGV[6]) -- each as `Asking` in core/store/events.py
local flood = tonumber(ARGV[7]) -- new conversations that ring one by one,
local together = tonumber(ARGV[8]) -- within so many milliseconds
local patience = tonumber(ARGV[9]) -- that a list of the others waits
-- @include queue
-- @include rooms
-- @include told
-- @include obligations
-- @include floods
-- @include holds
-- @include shares

local known_shop = redis.call('HMGET', key.shop(shop), 'seller', 'rules', 'terms')
local seller = known_shop[1]
if not seller then
  return 'missing'
end
if known_shop[2] ~= rules or known_shop[3] ~= terms then
  return 'stale'
end

-- Whether it counts for the rate, from what was said before; whatever does not is owed all the same.
local function reason(it, asked, last)
  if it.why then
    return it.why
  end
  local spoken = {
    inbox = asked.inbox, order = asked.order, all = newest(asked.inbox, asked.order) or '', any = last or '',
  }
  local before = tonumber(spoken[it.looks_at or ''] or '')
  return before and before > (it.silent_since or 0) and 'uncounted' or nil
end

local function open(it, obligation, kind, not_counted)
  local more = it.more
  if not_counted then
    more[#more + 1], more[#more + 2] = 'why', not_counted
    add_later(key.ledger(shop, kind, 'excluded'), it.sent_at, obligation)
  end
  redis.call('HSET', key.obligation(obligation), 'state', 'open', 'of', it.conversation, 'at', it.sent_at, 'asks', it.asks,
    'due', it.due, 'policy', it.policy, 'plan', it.plan, 'terms', terms, unpack(more))
  add_later(key.owed(seller), tonumber(it.due) or math.huge, obligation)
  schedule(obligation, it.sent_at, it.plan, now)
end

-- `cards`: where they stand, by room; `say` is told where one is to. `add`: `put` where nothing about the message can be on
-- its way yet. `loud`: it calls somebody.
local function show(it, cards, say, quiet, loud, add)
  each_room(seller, function(room, lane)
    local posted = cards[room]
    if posted then
      note(it.conversation, it.message, 'message', room, lane, CARD, wall, { 'loud', loud and '1' or '0' }, add)
      redraw_posted(posted, it.conversation, room, lane, wall)
    elseif is_for(room, seller, shop, kind_of(it.asks)) then
      say(room, '')
      if send_card(it.conversation, it.message, room, lane, wall, quiet or it.silent, add) and quiet then
        list_later(it.conversation, room, lane, patience, now, wall)
      end
    end
  end)
  show_overviews(seller, wall)
end

-- The obligation that it would join, of what is owed in its conversation.
local function owed_with(asks, open_ones)
  local owed
  each_owed(open_ones, function(obligation)
    local it = redis.call('HMGET', key.obligation(obligation), 'asks', 'at')
    if it[1] == asks then
      owed = { id = obligation, at = tonumber(it[2]) }
    end
  end)
  return owed
end

local messages = {}
for i, it in ipairs(told) do
  messages[i] = it.message
end
-- What is looked at of a conversation; then where its cards stand.
local HEADS = {
  'buyer_at', 'order_at', 'url_at', 'seller', 'in_inbox', 'in_order', 'out', 'open', 'odd', 'marked', 'version', 'facts',
  'imported', 'held',
}
local fields_read = { unpack(HEADS) }
each_room(seller, function(room)
  fields_read[#fields_read + 1] = room
end)
local some_early = any_early(messages)

local function take(it)
  local conversation, message, sent_at, history = it.conversation, it.message, it.sent_at, it.history
  local name = key.conversation(conversation)
  local heads, cards = redis.call('HMGET', name, unpack(fields_read)), {}
  for i = #HEADS + 1, #fields_read do
    cards[fields_read[i]] = heads[i]
  end
  local about = newest_told(heads, it.stamp, it.conversation_fields, seller, shop)
  local function say(field, value)
    about[#about + 1], about[#about + 2] = field, value
  end
  -- What an import brought before counts as new when it is told as news: it may be waiting for an answer.
  local known = heads[4] and redis.call('HMGET', key.message(message), 'conversation', 'history') or {}
  if known[1] and (history or not known[2]) then
    if #about > 0 then
      redis.call('HSET', name, unpack(about))
    end
    return 'duplicate'
  end
  local withdrawn = false
  if known[1] then
    redis.call('HDEL', key.message(message), 'history')
  else
    local fields = it.message_fields
    if history then
      fields[#fields + 1], fields[#fields + 2] = 'history', now
    end
    redis.call('HSET', key.message(message), 'conversation', conversation, 'asks', it.asks, unpack(fields))
    withdrawn = some_early and catch_up(message)
    redis.call('ZADD', key.messages(conversation), sent_at, message)
  end
  if history then
    known_since(shop, sent_at)
    say('imported', now)
  end

  local kind = kind_of(it.asks)
  local asked = { inbox = heads[5] or '', order = heads[6] or '' }
  local last = newest(asked.inbox, asked.order, heads[7] or '')
  local owed = owed_with(it.asks, heads[8])
  -- Two messages of one millisecond: the one whose id is smaller was first.
  local joins_at_once = owed and sent_at == last and sent_at > tonumber(heads[7] or '-1')
    and (owed.at < sent_at or owed.id < obligation_of(message))
  local newest_word = (not last or sent_at > last or joins_at_once) and sent_at > tonumber(heads[13] or '-1')
  local simple = newest_word and not (known[1] or history or withdrawn or it.odd or heads[9] or heads[10])
  say('version', tonumber(heads[11] or '0') + 1)
  say('facts', tonumber(heads[12] or '0') + 1)
  say('in_' .. kind, newest(asked[kind], sent_at))
  local opened = simple and not owed
  if opened then
    local obligation = obligation_of(message)
    open(it, obligation, kind, reason(it, asked, last))
    say('asked', message)
    say('open', heads[8] and heads[8] .. ' ' .. obligation or obligation)
  elseif not simple then
    if it.odd then
      say('odd', '1')
    end
    fold_later(conversation, now, history)
  end
  if not history then
    if it.silent and newest_word and not withdrawn then
      redis.call('ZADD', key.agenda(), 'NX', now, holding_moment(conversation))
      woken = true
    end
    if heads[14] then
      stop_held(conversation, seller, 'buyer', '', wall)
    end
    local quiet = opened and not it.silent and not heads[11] and is_flood(seller, now, flood, together)
    show(it, cards, say, quiet, opened and not it.silent, not known[1] and put or nil)
  end
  redis.call('HSET', name, unpack(about))
  return simple and 'accepted' or 'fold'
end

local words = {}
for i, it in ipairs(told) do
  words[i] = take(it)
end
keep_opened(seller, now, flood)
ring()
return words
