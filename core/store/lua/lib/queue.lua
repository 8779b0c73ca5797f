-- Lanes and strands. A lane's score in `lanes` is the next wall instant at which something in it may be tried:
-- pacing, back-off, leases and pauses are this one number.
-- @include gather
local woken = false
local CARD, RECEIPT, REDRAW = 1, 2, 3 -- what goes first in a lane; alarms go before them
local CLASS = 1e13 -- Ready strands stand by class, then by time: milliseconds have thirteen digits until 2286.

local function number(value)
  return tonumber(value or '') or 0
end

local function head_class(lane, strand)
  local head = redis.call('LINDEX', key.strand(lane, strand), 0)
  return number(redis.call('HGET', key.delivery(head), 'class'))
end

-- What a lane may do: nothing before `pause`, at most `width` on their way at once, and each for a token, of which
-- `refill` milliseconds bring one, up to `burst`. No refill means no limit. After a pause one probe goes first; its
-- success wakes the others.
local function terms_of(lane, wall)
  local found = redis.call('HMGET', key.lane(lane), 'pause', 'width', 'refill', 'burst', 'tokens', 'at', 'free')
  local width, refill, tokens = number(found[2]), number(found[3]), number(found[4])
  if found[5] and refill > 0 then
    tokens = math.min(tokens, number(found[5]) + math.max(0, wall - number(found[6])) / refill)
  end
  return {
    pause = number(found[1]), width = found[1] and 1 or (width > 0 and width or math.huge),
    refill = refill, tokens = tokens, free = tonumber(found[7] or ''),
  }
end

-- When the lane can pay for this strand's next delivery; a class that costs nothing goes at once.
local function affordable_at(terms, class, wall)
  if terms.refill == 0 or terms.tokens >= 1 or class == terms.free then
    return wall
  end
  return math.ceil(wall + (1 - terms.tokens) * terms.refill)
end

local function first_score(name)
  local first = redis.call('ZRANGE', name, 0, 0, 'WITHSCORES')
  return first[2] and tonumber(first[2])
end

-- When something in the lane may be tried next; nil while it has nothing to send.
local function next_try(lane, wall)
  local next_at
  local function sooner(at)
    if at and (not next_at or at < next_at) then
      next_at = at
    end
  end
  local terms = terms_of(lane, wall)
  local ready = first_score(key.ready(lane))
  local expires = first_score(key.flying(lane))
  local full = expires and terms.width < math.huge and redis.call('ZCARD', key.flying(lane)) >= terms.width
  if ready and not full then
    sooner(math.max(terms.pause, affordable_at(terms, math.floor(ready / CLASS), wall)))
  end
  local resumes = first_score(key.waiting(lane))
  sooner(resumes and math.max(terms.pause, resumes))
  sooner(expires and math.max(terms.pause, expires))
  return next_at
end

local at_once = {} -- lanes that are known to be visited now, whatever else comes into them

-- Put the lane where its next instant says; a lane with nothing to send leaves.
local function touch(lane, wall)
  local next_at = next_try(lane, wall)
  at_once[lane] = nil
  if not next_at then
    redis.call('ZREM', key.lanes(), lane)
    return
  end
  redis.call('ZADD', key.lanes(), next_at, lane)
  if next_at <= wall then
    woken = true
  end
end

-- The parts of a lane, of which every strand with something to send stands in one.
local function parts_of(lane)
  return { key.ready(lane), key.waiting(lane), key.flying(lane) }
end

local function stands_in(lane, strand)
  for _, part in ipairs(parts_of(lane)) do
    if redis.call('ZSCORE', part, strand) then
      return part
    end
  end
end

local function place(lane, strand, class, wall)
  redis.call('ZADD', key.ready(lane), class * CLASS + wall, strand)
end

-- A strand of this class has something to send that had nothing before. A lane whose time has come is visited in any
-- case; one that had nothing to send has only this.
local function stir(lane, class, wall)
  if at_once[lane] then
    return
  end
  local at = redis.call('ZSCORE', key.lanes(), lane)
  if at and tonumber(at) > wall then
    touch(lane, wall)
    return
  end
  if not at then
    local terms = terms_of(lane, wall)
    at = math.max(terms.pause, affordable_at(terms, class, wall))
    redis.call('ZADD', key.lanes(), at, lane)
  end
  at_once[lane] = tonumber(at) <= wall
  woken = woken or at_once[lane]
end

-- A repaint that waits at the end of a strand is overtaken by new words and receipts: it may wait for a budget of the
-- whole workspace, and is drawn from the newest state whenever it comes. Answers whether `delivery`, the last of the strand,
-- is the next to be sent now.
local function overtake(delivery, lane, strand, length)
  local name = key.strand(lane, strand)
  local before = redis.call('LINDEX', name, -2)
  if redis.call('HGET', key.delivery(before), 'kind') ~= 'redraw' then
    return false
  end
  local alone = length == 2
  if alone and redis.call('ZSCORE', key.flying(lane), strand) then
    return false
  end
  redis.call('RPOP', name)
  redis.call('LINSERT', name, 'BEFORE', before, delivery)
  if alone then
    redis.call('ZREM', key.waiting(lane), strand)
  end
  return alone
end

-- A strand goes on with its head: at once, or when the head is held no longer. One that set out beside the delivery before
-- it is on its way already, and under the lease of both.
local function go_on(lane, strand, wall)
  local head = redis.call('HMGET', key.delivery(redis.call('LINDEX', key.strand(lane, strand), 0)), 'class', 'until', 'state')
  if head[3] == 'sending' and redis.call('ZSCORE', key.flying(lane), strand) then
    return
  end
  redis.call('ZREM', key.flying(lane), strand)
  if number(head[2]) > wall then
    redis.call('ZADD', key.waiting(lane), head[2], strand)
  else
    place(lane, strand, number(head[1]), wall)
  end
end

-- A new delivery, behind the strand's others. `fields` is a flat list.
local function put(delivery, lane, strand, class, wall, fields)
  redis.call('HSET', key.delivery(delivery), 'state', 'pending', 'lane', lane, 'strand', strand, 'class', class,
    'created', wall, unpack(fields))
  local length = redis.call('RPUSH', key.strand(lane, strand), delivery)
  if length == 1 or (class ~= REDRAW and overtake(delivery, lane, strand, length)) then
    place(lane, strand, class, wall)
    stir(lane, class, wall)
  end
  return true
end

-- The same, but a delivery that exists already is left alone.
local function enqueue(delivery, lane, strand, class, wall, fields)
  if redis.call('EXISTS', key.delivery(delivery)) == 1 then
    return false
  end
  return put(delivery, lane, strand, class, wall, fields)
end

-- A delivery leaves its strand; behind a head that left, the next is ready at once. Told twice, it left once.
local function advance(delivery, lane, strand, wall)
  local name = key.strand(lane, strand)
  if redis.call('LINDEX', name, 0) ~= delivery then
    redis.call('LREM', name, 1, delivery)
    return
  end
  redis.call('LPOP', name)
  redis.call('ZREM', key.waiting(lane), strand)
  redis.call('ZREM', key.ready(lane), strand)
  if redis.call('EXISTS', name) == 1 then
    go_on(lane, strand, wall)
  else
    redis.call('ZREM', key.flying(lane), strand)
  end
end

-- Whether it set out beside the delivery before it, which is not done yet: where the strand stands is for that one to say.
local function is_beside(delivery, lane, strand)
  return redis.call('LINDEX', key.strand(lane, strand), 0) ~= delivery
end

-- A destination that took something is well: whoever waited for it is woken. A pause that it asked for holds to its
-- end: what it took just now was on its way before it asked.
local function recovered(lane, wall)
  redis.call('DEL', key.failing(lane))
  local state = redis.call('HMGET', key.lane(lane), 'pause', 'asked')
  if state[1] and not (state[2] and number(state[1]) > wall) then
    redis.call('HDEL', key.lane(lane), 'pause', 'asked', 'lost', 'lost_by')
  end
end

-- Write what was gathered, and wake the workers if something became due at once. Call it last.
local function ring()
  write_gathered()
  if woken then
    redis.call('PUBLISH', 'sb:wake', TAG)
  end
end
