#!lua flags=no-writes
-- A page of the obligations that a seller's shop counts from before `cutoff`, or that are owed since then.
-- Answers {{obligation, its conversation or ''}, …}.
local seller = ARGV[1]
local shop = ARGV[2]
local kind = ARGV[3]
local verdict = ARGV[4] -- of the ledger; owed: what is due by then; endless: what is owed and never due
local cutoff = tonumber(ARGV[5])
local first = tonumber(ARGV[6])
local page = tonumber(ARGV[7])

local set = (verdict == 'owed' or verdict == 'endless') and key.owed(seller) or key.ledger(shop, kind, verdict)
local from, to = '-inf', '(' .. cutoff
if verdict == 'endless' then
  from, to = '+inf', '+inf'
end
local found = {}
for _, obligation in ipairs(redis.call('ZRANGEBYSCORE', set, from, to, 'LIMIT', first, page)) do
  found[#found + 1] = { obligation, redis.call('HGET', key.obligation(obligation), 'of') or '' }
end
return found
