#!lua flags=no-writes
-- What nobody will carry: a delivery that does not stand in its strand, or whose strand stands nowhere in its lane.
-- Answers {{delivery, its lane}, …}.
local deliveries = cjson.decode(ARGV[1])
-- @include queue

local strays = {}
for _, delivery in ipairs(deliveries) do
  local found = redis.call('HMGET', key.delivery(delivery), 'lane', 'strand')
  local lane, strand = found[1], found[2]
  if lane and not (redis.call('LPOS', key.strand(lane, strand), delivery) and stands_in(lane, strand)) then
    strays[#strays + 1] = { delivery, lane }
  end
end
return strays
