#!lua
-- The marketplace says that a message was edited or deleted. The first words stay; the card shows the newest, and what
-- was deleted stays so. A change that is told before its message waits for it.
-- Answers accepted, fold (a deletion may end what is owed), duplicate, or missing (no such shop).
local wall = tonumber(ARGV[1])
local event = ARGV[2]
local event_ttl = tonumber(ARGV[3])
local shop = ARGV[4]
local conversation = ARGV[5]
local message = ARGV[6]
local stamp = ARGV[7]
local fields = cjson.decode(ARGV[8])
local early_ttl = tonumber(ARGV[9])
local deleted_at = tonumber(ARGV[10]) -- 0 for an edit
local now = tonumber(ARGV[11])
-- @include queue
-- @include rooms
-- @include obligations

local seller = redis.call('HGET', key.shop(shop), 'seller')
if not seller then
  return 'missing'
end
if not redis.call('SET', key.event(event), '1', 'NX', 'EX', event_ttl) then
  return 'duplicate'
end
local name = key.message(message)
local known = redis.call('HMGET', name, 'conversation', 'text', 'original', 'incoming')
local told = known[1] and name or key.early(message)
local was = redis.call('HMGET', told, 'changed_at', 'deleted')
if known[1] and not known[2] and deleted_at == 0 then
  return 'accepted' -- Its words are not kept any more.
end
if deleted_at == 0 then
  if stamp <= (was[1] or '') then
    return 'accepted' -- Older than the words we have.
  end
  redis.call('HSET', told, 'changed_at', stamp)
elseif was[2] and tonumber(was[2]) <= deleted_at then
  return 'accepted'
end
if known[2] and not known[3] then
  redis.call('HSET', name, 'original', known[2])
end
redis.call('HSET', told, unpack(fields))
if not known[1] then
  redis.call('EXPIRE', told, early_ttl)
  return 'accepted'
end
local folds = deleted_at > 0 and known[4] == '1'
if folds then
  redis.call('HSET', key.conversation(conversation), 'marked', '1')
  redis.call('HINCRBY', key.conversation(conversation), 'facts', 1)
  fold_later(conversation, now)
end
if known[4] == '1' then
  note_and_redraw(conversation, seller, message, 'message', CARD, wall, { 'changed', stamp, 'loud', '0' })
else
  redraw_everywhere(conversation, seller, wall)
end
ring()
return folds and 'fold' or 'accepted'
