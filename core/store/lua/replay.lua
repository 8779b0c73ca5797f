#!lua
-- A parked delivery goes back on its lane, behind what its strand has, as if it had just been made; a refused reply is
-- on its way again. One that may have happened once is still unknown, so that it is looked for before it is repeated.
-- Answers done, missing (none is parked under this id), needless (a reply in whose place another was written or sent), or gone
-- (its room or shop is no more); the last two are forgotten.
local wall = tonumber(ARGV[1])
local delivery = ARGV[2]
local operation = ARGV[3]
local operation_ttl = tonumber(ARGV[4])
-- @include queue
-- @include rooms
-- @include afresh

-- What was written after it has taken its place, whatever became of that.
local function is_newest(reply, conversation)
  for _, id in ipairs(redis.call('ZREVRANGE', key.messages(conversation), 0, -1)) do
    if redis.call('HGET', key.message(id), 'incoming') == '0' then
      return id == reply
    end
  end
end

local function outcome(was)
  if was.kind == 'reply' then
    if redis.call('EXISTS', key.shop(was.shop)) == 0 then
      return 'gone'
    end
    local refused = redis.call('HGET', key.message(was.message), 'state') == 'refused'
    return refused and is_newest(was.message, was.conversation) and 'done' or 'needless'
  end
  return redis.call('HGET', key.room(was.room), 'state') == 'linked' and 'done' or 'gone'
end

local word = redis.call('GET', key.operation(operation))
if word then
  return word
end
local was, fields = afresh(key.parked(delivery))
if not was then
  return 'missing'
end
word = outcome(was)
redis.call('SET', key.operation(operation), word, 'EX', operation_ttl)
redis.call('DEL', key.parked(delivery))
redis.call('ZREM', key.given_up(was.seller), delivery)
if word ~= 'done' then
  return word
end
enqueue(delivery, was.lane, was.strand, tonumber(was.class), wall, fields)
if was.was == 'unknown' then
  redis.call('HSET', key.delivery(delivery), 'state', 'unknown')
end
if was.kind == 'reply' then
  redis.call('HSET', key.message(was.message), 'state', 'sending', 'problem', '')
  redis.call('HSET', key.conversation(was.conversation), 'sending', was.message)
  redraw_everywhere(was.conversation, was.seller, wall)
end
ring()
return word
