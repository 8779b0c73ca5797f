#!lua flags=no-writes
-- A page of what a seller owes, the nearest deadline first, each conversation once: {zone, how many conversations are owed
-- as far as they were counted, whether there are more, {line, …}}.
local seller = ARGV[1]
local skip = tonumber(ARGV[2])
local count = tonumber(ARGV[3])
local most = tonumber(ARGV[4]) -- obligations that are looked at
local bytes = tonumber(ARGV[5])
-- @include lines

local owed = conversations_of(redis.call('ZRANGE', key.owed(seller), 0, most - 1), {}, most, true)
local more = redis.call('ZCARD', key.owed(seller)) > most and 1 or 0
local lines = {}
for place = skip + 1, math.min(skip + count, #owed) do
  lines[#lines + 1] = line_of(owed[place], 0, bytes)
end
return { redis.call('HGET', key.seller(seller), 'zone') or 'UTC', #owed, more, lines }
