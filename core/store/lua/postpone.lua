#!lua
-- A delivery did not succeed, and will be tried again at `at`. `scope`: only its strand waits, or the whole lane.
-- Three strands that fail in a row pause the lane too: then it is the destination, not the conversation.
-- `state` is pending (surely not done) or unknown. Answers done, lost (news: the lane was reachable until now),
-- or stale (its lease has passed, or another worker has it).
local wall = tonumber(ARGV[1])
local delivery = ARGV[2]
local token = ARGV[3]
local at = tonumber(ARGV[4])
local scope = ARGV[5]
local state = ARGV[6]
local problem = ARGV[7]
local lost = ARGV[8] == "1"
-- @include queue
-- @include rooms

local MANY = 3
local PROBED = 60000 -- A destination that fails without asking for a pause is tried again within a minute.
local name = key.delivery(delivery)
local found = redis.call('HMGET', name, 'token', 'lane', 'strand', 'kind', 'message', 'class', 'put_off', 'said', 'state')
if found[1] ~= token then
  return found[7] == token and found[8] or 'stale' -- Told twice, it is put off once and answered alike.
end
if found[9] ~= 'sending' then
  return 'stale'
end
local lane, strand = found[2], found[3]
local beside = is_beside(delivery, lane, strand)
redis.call('HSET', name, 'state', state)
redis.call('HDEL', name, 'token')

local word = 'done'
if not beside then
  redis.call('ZREM', key.flying(lane), strand)
end
if scope == 'lane' then
  if not beside then
    place(lane, strand, tonumber(found[6]), wall)
  end
  redis.call('HSET', key.lane(lane), 'pause', at, 'asked', '1')
  if lost and redis.call('HSETNX', key.lane(lane), 'lost', problem) == 1 then
    word = 'lost'
  end
elseif not beside then -- Else it is tried again once the one before it is done.
  if found[4] == 'redraw' and redis.call('LLEN', key.strand(lane, strand)) > 1 then
    -- What was said meanwhile goes first: the repaint is drawn from the newest state whenever it comes.
    redis.call('LPOP', key.strand(lane, strand))
    redis.call('RPUSH', key.strand(lane, strand), delivery)
    place(lane, strand, head_class(lane, strand), wall)
  else
    redis.call('ZADD', key.waiting(lane), at, strand)
  end
  if problem ~= '' then -- Without one it only waits its turn in a budget.
    redis.call('SADD', key.failing(lane), strand)
    if redis.call('SCARD', key.failing(lane)) >= MANY then
      local pause = math.min(at, wall + PROBED)
      if pause > number(redis.call('HGET', key.lane(lane), 'pause')) then
        redis.call('HSET', key.lane(lane), 'pause', pause)
        redis.call('HDEL', key.lane(lane), 'asked')
      end
    end
  end
end

-- The member who wrote sees that it is not there yet, and why.
if found[4] == 'reply' and problem ~= '' and redis.call('HGET', key.message(found[5]), 'problem') ~= problem then
  local conversation = redis.call('HGET', key.message(found[5]), 'conversation')
  redis.call('HSET', key.message(found[5]), 'problem', problem)
  redraw_everywhere(conversation, redis.call('HGET', key.conversation(conversation), 'seller'), wall)
end
if found[4] == 'spam' and problem ~= '' and redis.call('HGET', key.message(found[5]), 'spam_problem') ~= problem then
  local conversation = redis.call('HGET', key.message(found[5]), 'conversation')
  redis.call('HSET', key.message(found[5]), 'spam_problem', problem)
  redraw_everywhere(conversation, redis.call('HGET', key.conversation(conversation), 'seller'), wall)
end
redis.call('HSET', name, 'put_off', token, 'said', word)
touch(lane, wall)
ring()
return word
