#!lua flags=no-writes
-- A page of the obligations that a seller's shop counts from before `cutoff`, or that are owed or wait since then.
-- Answers {{obligation, its conversation or ''}, …}.
local seller = ARGV[1]
local shop = ARGV[2]
local kind = ARGV[3]
local part = ARGV[4] -- a verdict of the ledger; or owed or coming, by when they are due
local endless = ARGV[5] == "1" -- those that are never due
local cutoff = tonumber(ARGV[6])
local first = tonumber(ARGV[7])
local page = tonumber(ARGV[8])

local sets = { owed = key.owed(seller), coming = key.coming(shop) }
local set = sets[part] or key.ledger(shop, kind, part)
local from, to = '-inf', '(' .. cutoff
if endless then
  from, to = '+inf', '+inf'
end
local found = {}
for _, obligation in ipairs(redis.call('ZRANGEBYSCORE', set, from, to, 'LIMIT', first, page)) do
  found[#found + 1] = { obligation, redis.call('HGET', key.obligation(obligation), 'of') or '' }
end
return found
