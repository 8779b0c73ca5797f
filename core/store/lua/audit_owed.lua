#!lua flags=no-writes
-- A page of what a seller owes: what of it is no obligation, or is settled. Answers {how many were looked at, {obligation, …}}.
local seller = ARGV[1]
local first = tonumber(ARGV[2])
local page = tonumber(ARGV[3])
local owed_states = cjson.decode(ARGV[4])

local found = redis.call('ZRANGE', key.owed(seller), first, first + page - 1)
local strays = {}
for _, obligation in ipairs(found) do
  if not owed_states[redis.call('HGET', key.obligation(obligation), 'state')] then
    strays[#strays + 1] = obligation
  end
end
return { #found, strays }
