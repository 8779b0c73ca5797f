#!lua
-- Claims what may be sent now from the lanes of a shard, each with a lease and a fencing token.
-- Answers {instant of the next thing to do or '', {delivery, fields}, …}. An expired lease means: it may have happened.
-- Executed twice, it claims others the second time; what the first one claimed is unknown once its lease has passed.
local wall = tonumber(ARGV[1])
local lease = tonumber(ARGV[2])
local limit = tonumber(ARGV[3])
local worker = ARGV[4]
-- @include queue

local claimed = {}

-- Its obligation may have been settled meanwhile: a delivery carries the state that it needs.
local function still_wanted(delivery)
  local found = redis.call('HMGET', key.delivery(delivery), 'kind', 'guard', 'guard_state')
  return found[1] and (not found[2] or redis.call('HGET', key.obligation(found[2]), 'state') == found[3])
end

local function take(lane, strand)
  local delivery = redis.call('LINDEX', key.strand(lane, strand), 0)
  local name = key.delivery(delivery)
  if not still_wanted(delivery) then
    redis.call('DEL', name)
    advance(delivery, lane, strand, wall)
    return false
  end
  local was = redis.call('HGET', name, 'state')
  local tries = redis.call('HINCRBY', name, 'tries', 1)
  local token = worker .. '-' .. tries .. '-' .. wall
  redis.call('HSET', name, 'state', 'sending', 'was', was, 'token', token, 'intent', wall)
  if was == 'held' then -- From here on it cannot be taken back.
    redis.call('HSET', key.message(delivery), 'state', 'sending')
  end
  redis.call('ZREM', key.ready(lane), strand)
  redis.call('ZADD', key.flying(lane), wall + lease, strand)
  claimed[#claimed + 1] = { delivery, redis.call('HGETALL', name) }
  return true
end

-- Strands whose time has come, and those whose worker was never heard of again.
local function resume(lane)
  for _, strand in ipairs(redis.call('ZRANGEBYSCORE', key.flying(lane), '-inf', wall)) do
    local head = redis.call('LINDEX', key.strand(lane, strand), 0)
    redis.call('HSET', key.delivery(head), 'state', 'unknown')
    redis.call('ZREM', key.flying(lane), strand)
    place(lane, strand, head_class(lane, strand), wall)
  end
  for _, strand in ipairs(redis.call('ZRANGEBYSCORE', key.waiting(lane), '-inf', wall)) do
    redis.call('ZREM', key.waiting(lane), strand)
    place(lane, strand, head_class(lane, strand), wall)
  end
end

local function serve(lane)
  local terms = terms_of(lane, wall)
  if terms.pause > wall then
    return
  end
  resume(lane)
  local flying = redis.call('ZCARD', key.flying(lane))
  while #claimed < limit and flying < terms.width do
    local first = redis.call('ZRANGE', key.ready(lane), 0, 0, 'WITHSCORES')
    local strand = first[1]
    if not strand then
      break
    end
    local class = math.floor(tonumber(first[2]) / CLASS)
    if affordable_at(terms, class, wall) > wall then
      break
    end
    if take(lane, strand) then
      flying = flying + 1
      if class ~= terms.free then
        terms.tokens = terms.tokens - 1
      end
    end
  end
  if terms.refill > 0 then
    redis.call('HSET', key.lane(lane), 'tokens', tostring(terms.tokens), 'at', wall)
  end
end

for _, lane in ipairs(redis.call('ZRANGEBYSCORE', key.lanes(), '-inf', wall, 'LIMIT', 0, limit)) do
  if #claimed < limit then
    serve(lane)
    touch(lane, wall)
  end
end
return { tostring(first_score(key.lanes()) or ''), claimed }
