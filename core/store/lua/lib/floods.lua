-- Floods: of a seller's conversations that are new within some minutes, those after the first few come without a sound,
-- and a list in each room names what came. Needs `queue`.
local LIST_ALARM = 0

local UNTRIMMED = 3 -- `opened` is cut when it holds so many times what is looked at: not at each conversation.
local opened_before, opened_now = nil, 0

-- Whether this new conversation is one too many. `opened` holds when the last ones of this seller, the only one that a
-- script asks for, were heard of, the newest first; what is new in it is written by `keep_opened`.
local function is_flood(seller, now, most, together)
  opened_before = opened_before or redis.call('LRANGE', key.opened(seller), 0, most - 1)
  opened_now = opened_now + 1
  local before = opened_now > most and now or tonumber(opened_before[most - opened_now + 1]) or -math.huge
  return before > now - together
end

local function keep_opened(seller, now, most)
  if opened_now == 0 then
    return
  end
  local instants = {}
  for i = 1, math.min(opened_now, most) do
    instants[i] = now
  end
  if redis.call('LPUSH', key.opened(seller), unpack(instants)) > UNTRIMMED * most then
    redis.call('LTRIM', key.opened(seller), 0, most - 1)
  end
end

-- It will stand in the room's next list, which waits a little for others.
local function list_later(conversation, room, lane, patience, now, wall)
  redis.call('ZADD', key.listed(room), now, conversation)
  local strand = room .. '-list'
  local last = redis.call('LINDEX', key.strand(lane, strand), -1)
  local found = last and redis.call('HMGET', key.delivery(last), 'state', 'lines')
  if found and found[1] == 'pending' and not found[2] then
    return
  end
  enqueue(conversation .. '-' .. room .. '-list', lane, strand, LIST_ALARM, wall, { 'kind', 'list', 'room', room })
  if redis.call('ZREM', key.ready(lane), strand) == 1 then
    redis.call('ZADD', key.waiting(lane), wall + patience, strand)
    touch(lane, wall)
  end
end
