#!lua
-- Claims what may be sent now from the lanes of a shard, each with a lease and a fencing token, and reads what it is drawn
-- from: the conversation as its room or its marketplace is to see it, or where it is about none the room, the shop, or both.
-- Answers {instant of the next thing to do or '', {delivery, fields, what was read}, …}. An expired lease means: it may
-- have happened.
-- Executed twice, it claims others the second time; what the first one claimed is unknown once its lease has passed.
local wall = tonumber(ARGV[1])
local lease = tonumber(ARGV[2])
local limit = tonumber(ARGV[3])
local worker = ARGV[4]
local messages = tonumber(ARGV[5]) -- of a conversation, the newest
-- @include queue
-- @include sights
-- @include shops

local claimed = {}

-- Its obligation may have been settled meanwhile: a delivery carries the state that it needs.
local function still_wanted(delivery)
  local found = redis.call('HMGET', key.delivery(delivery), 'kind', 'guard', 'guard_state')
  return found[1] and (not found[2] or redis.call('HGET', key.obligation(found[2]), 'state') == found[3])
end

local function room_of(room)
  local seller = redis.call('HGET', key.room(room), 'seller')
  return { redis.call('HGETALL', key.room(room)), seller and redis.call('HGET', key.seller(seller), 'language') or '' }
end

local function read_for(delivery)
  local it = redis.call('HMGET', key.delivery(delivery), 'conversation', 'room', 'message', 'shop')
  if it[1] and it[1] ~= '' then
    return sight_of(it[1], it[2] or '', messages, it[3] or '')
  end
  local shop = it[4] and { knowledge_of(it[4]), redis.call('HGETALL', key.availability(it[4])) } or false
  return { it[2] and room_of(it[2]) or false, shop }
end

-- What cannot be read is left to its carrier, and holds up no other.
local function look(delivery)
  local could, found = pcall(read_for, delivery)
  return could and found
end

local function set_out(delivery)
  local name = key.delivery(delivery)
  local was = redis.call('HGET', name, 'state')
  local tries = redis.call('HINCRBY', name, 'tries', 1)
  local token = worker .. '-' .. tries .. '-' .. wall
  redis.call('HSET', name, 'state', 'sending', 'was', was, 'token', token, 'intent', wall)
  if was == 'held' then -- From here on it cannot be taken back.
    redis.call('HSET', key.message(delivery), 'state', 'sending')
  end
  claimed[#claimed + 1] = { delivery, redis.call('HGETALL', name), look(delivery) }
end

-- The repaint behind a line that is said beside its card goes with it: whoever waits for the one looks at the other. It
-- costs what it costs alone, and is not worth waiting for.
local function take_repaint(lane, strand, terms)
  local both = redis.call('LRANGE', key.strand(lane, strand), 0, 1)
  local found = both[2] and redis.call('HMGET', key.delivery(both[2]), 'kind', 'state', 'class')
  if not found or found[1] ~= 'redraw' or found[2] ~= 'pending' or #claimed >= limit or terms.width < math.huge then
    return
  end
  local leads = redis.call('HGET', key.delivery(both[1]), 'kind')
  local class = number(found[3])
  if leads == 'card' or leads == 'thread' or affordable_at(terms, class, wall) > wall then
    return
  end
  set_out(both[2])
  if class ~= terms.free then
    terms.tokens = terms.tokens - 1
  end
end

local function take(lane, strand)
  local delivery = redis.call('LINDEX', key.strand(lane, strand), 0)
  if not still_wanted(delivery) then
    redis.call('DEL', key.delivery(delivery))
    advance(delivery, lane, strand, wall)
    return false
  end
  set_out(delivery)
  redis.call('ZREM', key.ready(lane), strand)
  redis.call('ZADD', key.flying(lane), wall + lease, strand)
  return true
end

-- Strands whose time has come, and those whose worker was never heard of again.
local function resume(lane)
  for _, strand in ipairs(redis.call('ZRANGEBYSCORE', key.flying(lane), '-inf', wall)) do
    local both = redis.call('LRANGE', key.strand(lane, strand), 0, 1)
    redis.call('HSET', key.delivery(both[1]), 'state', 'unknown')
    if both[2] and redis.call('HGET', key.delivery(both[2]), 'state') == 'sending' then
      redis.call('HSET', key.delivery(both[2]), 'state', 'pending') -- A repaint may be drawn twice.
    end
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
      take_repaint(lane, strand, terms)
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
