#!lua flags=no-writes
-- The conversations of a shop whose obligations count from `since` on, and those of all that are owed or are still to
-- enter the rate; a page of them.
-- Answers {cursor of the next page or '', {conversation, …}}.
local shop = ARGV[1]
local seller = ARGV[2]
local since = ARGV[3]
local cursor = ARGV[4] -- set/offset
local page = tonumber(ARGV[5])

local sets = { key.owed(seller), key.coming(shop) }
for _, kind in ipairs({ 'inbox', 'order' }) do
  for _, verdict in ipairs({ 'met', 'missed', 'excluded' }) do
    sets[#sets + 1] = key.ledger(shop, kind, verdict)
  end
end
local set, offset = string.match(cursor, '^(%d+)/(%d+)$')
set, offset = tonumber(set), tonumber(offset)
local from = set <= 2 and '-inf' or since
local found = redis.call('ZRANGEBYSCORE', sets[set], from, '+inf', 'LIMIT', offset, page)
local conversations = {}
for _, obligation in ipairs(found) do
  local conversation = redis.call('HGET', key.obligation(obligation), 'of')
  if conversation and redis.call('HGET', key.conversation(conversation), 'shop') == shop then
    conversations[#conversations + 1] = conversation
  end
end
if #found == page then
  return { set .. '/' .. offset + page, conversations }
end
return { set < #sets and set + 1 .. '/0' or '', conversations }
