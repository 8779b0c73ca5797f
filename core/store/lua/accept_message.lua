#!lua
-- A buyer wrote: keep the message and ring in every linked room. Where it is the newest word of its conversation, open
-- an obligation, or let it join the one that is owed; what else may follow is worked out from the history.
-- Answers accepted, fold, duplicate, stale (the shop's rules or its seller's terms have changed), or missing (no such shop).
local wall = tonumber(ARGV[1])
local now = tonumber(ARGV[2])
local event = ARGV[3]
local event_ttl = tonumber(ARGV[4])
local shop = ARGV[5]
local conversation = ARGV[6]
local message = ARGV[7]
local sent_at = tonumber(ARGV[8])
local message_fields = cjson.decode(ARGV[9])
local conversation_fields = cjson.decode(ARGV[10])
local history = ARGV[11] == "1"
local stamp = ARGV[12]
local asks = ARGV[13]
local rules = ARGV[14]
local terms = ARGV[15]
local due = ARGV[16]
local plan = ARGV[17]
local policy = ARGV[18]
local why = ARGV[19] -- why it does not count, whatever was said before
local looks_at = ARGV[20] -- inbox, order, all or any: what must have been silent for it to count; empty: nothing
local silent_since = tonumber(ARGV[21])
local more = cjson.decode(ARGV[22]) -- further fields of the obligation
local odd = ARGV[23] == "1" -- its rule asks for more than the newest word
local silent = ARGV[24] == "1" -- its shop is away
local flood = tonumber(ARGV[25]) -- new conversations that ring one by one,
local together = tonumber(ARGV[26]) -- within so many milliseconds
local patience = tonumber(ARGV[27]) -- that a list of the others waits
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
if not redis.call('SET', key.event(event), '1', 'NX', 'EX', event_ttl) then
  return 'duplicate'
end
local name = key.conversation(conversation)
local heads = redis.call('HMGET', name, 'buyer_at', 'order_at', 'url_at', 'seller', 'in_inbox', 'in_order', 'out', 'open',
  'odd', 'marked', 'version', 'facts', 'imported', 'held')
local kind = kind_of(asks)
local about = newest_told(heads, stamp, conversation_fields, seller, shop)
local function say(field, value)
  about[#about + 1], about[#about + 2] = field, value
end
-- What an import brought before counts as new when it is told as news: it may be waiting for an answer.
local known = redis.call('HMGET', key.message(message), 'conversation', 'history')
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
  redis.call('HSET', key.message(message), 'conversation', conversation, 'asks', asks, unpack(message_fields))
  withdrawn = catch_up(message)
  redis.call('ZADD', key.messages(conversation), sent_at, message)
end
if history then
  redis.call('HSET', key.message(message), 'history', now)
  known_since(shop, sent_at)
  say('imported', now)
end

local asked = { inbox = heads[5] or '', order = heads[6] or '' }
local last = newest(asked.inbox, asked.order, heads[7] or '')
local owed -- the obligation that it would join
each_owed(heads[8], function(obligation)
  local it = redis.call('HMGET', key.obligation(obligation), 'asks', 'at')
  if it[1] == asks then
    owed = { id = obligation, at = tonumber(it[2]) }
  end
end)
-- Two messages of one millisecond: the one whose id is smaller was first.
local joins_at_once = owed and sent_at == last and sent_at > tonumber(heads[7] or '-1')
  and (owed.at < sent_at or owed.id < obligation_of(message))
local newest_word = (not last or sent_at > last or joins_at_once) and sent_at > tonumber(heads[13] or '-1')
local simple = newest_word and not (known[1] or history or withdrawn or odd or heads[9] or heads[10])
say('version', (tonumber(heads[11] or '0')) + 1)
say('facts', (tonumber(heads[12] or '0')) + 1)
say('in_' .. kind, newest(asked[kind], sent_at))

-- Whether it counts for the rate; whatever does not is owed all the same.
local function reason()
  if why ~= '' then
    return why
  end
  local spoken = {
    inbox = asked.inbox, order = asked.order, all = newest(asked.inbox, asked.order) or '', any = last or '',
  }
  local before = tonumber(spoken[looks_at] or '')
  return before and before > silent_since and 'uncounted' or nil
end

local opened = simple and not owed
if opened then
  local obligation = obligation_of(message)
  local not_counted = reason()
  if not_counted then
    more[#more + 1], more[#more + 2] = 'why', not_counted
    redis.call('ZADD', key.ledger(shop, kind, 'excluded'), sent_at, obligation)
  end
  redis.call('HSET', key.obligation(obligation), 'state', 'open', 'of', conversation, 'at', sent_at, 'asks', asks,
    'due', due, 'policy', policy, 'plan', plan, 'terms', terms, unpack(more))
  say('asked', message)
  say('open', heads[8] and heads[8] .. ' ' .. obligation or obligation)
  redis.call('ZADD', key.owed(seller), tonumber(due) or math.huge, obligation)
  schedule(obligation, sent_at, plan, now)
elseif not simple then
  if odd then
    say('odd', '1')
  end
  fold_later(conversation, now, history)
end
redis.call('HSET', name, unpack(about))
if not history then
  if heads[14] then
    stop_held(conversation, seller, 'buyer', '', wall)
  end
  local quiet = opened and not silent and not heads[11] and is_flood(seller, now, flood, together)
  each_room(seller, function(room, lane)
    if not is_shown(conversation, room, asks) then
      return
    end
    if post_card(conversation, message, room, lane, wall, quiet or silent) then
      if quiet then
        list_later(conversation, room, lane, patience, now, wall)
      end
    else
      enqueue(message .. '-' .. room .. '-message', lane, strand_of(conversation, room), CARD, wall, {
        'kind', 'message', 'conversation', conversation, 'message', message, 'room', room, 'loud', opened and not silent and '1' or '0',
      })
      redraw(conversation, room, lane, wall)
    end
  end)
end
ring()
return simple and 'accepted' or 'fold'
