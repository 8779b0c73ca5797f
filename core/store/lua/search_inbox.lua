#!lua flags=no-writes
-- Where a search of a seller's looks: in what it owes, the nearest deadline first, and then in what was asked last of
-- its shops and is settled. Answers {zone, how many of them are owed, {line, …}}.
local seller = ARGV[1]
local most_owed = tonumber(ARGV[2])
local most_settled = tonumber(ARGV[3])
local count = tonumber(ARGV[4]) -- the newest messages of each
local bytes = tonumber(ARGV[5])
-- @include lines

local seen = {}
local owed = conversations_of(redis.call('ZRANGE', key.owed(seller), 0, most_owed - 1), seen, most_owed)
local shops = redis.call('SMEMBERS', key.shops(seller))
local ledgers = {}
for _, shop in ipairs(shops) do
  ledgers[#ledgers + 1] = key.coming(shop)
  for _, kind in ipairs({ 'inbox', 'order' }) do
    for _, verdict in ipairs({ 'met', 'missed', 'excluded' }) do
      ledgers[#ledgers + 1] = key.ledger(shop, kind, verdict)
    end
  end
end
-- Of each as many as may be wanted of all, but with many shops no more than some thousands in all.
local of_each = math.min(most_settled, math.ceil(20 * most_settled / math.max(1, #ledgers)))
local settled = {}
for _, name in ipairs(ledgers) do
  local chunk = redis.call('ZREVRANGE', name, 0, of_each - 1, 'WITHSCORES')
  for i = 1, #chunk, 2 do
    settled[#settled + 1] = { tonumber(chunk[i + 1]), chunk[i] }
  end
end
table.sort(settled, function(one, other)
  return one[1] > other[1] or (one[1] == other[1] and one[2] > other[2])
end)
local newest = {}
for place, each in ipairs(settled) do
  newest[place] = each[2]
end
local lines = {}
for _, conversation in ipairs(owed) do
  lines[#lines + 1] = line_of(conversation, count, bytes)
end
for _, conversation in ipairs(conversations_of(newest, seen, most_settled)) do
  lines[#lines + 1] = line_of(conversation, count, bytes)
end
return { redis.call('HGET', key.seller(seller), 'zone') or 'UTC', #owed, lines }
