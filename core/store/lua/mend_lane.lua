#!lua
-- A lane is put in order: a delivery that stood nowhere goes back to the end of its strand, a strand without one leaves,
-- and the lane stands where its next instant says. One that was on its way when it was lost may have happened.
-- Answers done.
local lane = ARGV[1]
local delivery = ARGV[2] -- empty: none was lost
local wall = tonumber(ARGV[3])
-- @include queue

local function put_back()
  local found = redis.call('HMGET', key.delivery(delivery), 'lane', 'strand', 'state')
  local strand = found[2]
  if found[1] ~= lane then
    return
  end
  if not redis.call('LPOS', key.strand(lane, strand), delivery) then
    redis.call('RPUSH', key.strand(lane, strand), delivery)
  end
  if not stands_in(lane, strand) then
    local head = redis.call('LINDEX', key.strand(lane, strand), 0)
    if redis.call('HGET', key.delivery(head), 'state') == 'sending' then
      redis.call('HSET', key.delivery(head), 'state', 'unknown')
    end
    go_on(lane, strand, wall)
  end
end

if delivery ~= '' then
  put_back()
end
for _, part in ipairs(parts_of(lane)) do
  for _, strand in ipairs(redis.call('ZRANGE', part, 0, -1)) do
    if redis.call('EXISTS', key.strand(lane, strand)) == 0 then
      redis.call('ZREM', part, strand)
    end
  end
end
touch(lane, wall)
ring()
return 'done'
