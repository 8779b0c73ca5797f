-- Floods: of a seller's conversations that are new within some minutes, those after the first few come without a sound,
-- and a list in each room names what came. Needs `queue`.
local LIST_ALARM = 0

-- Whether this new conversation is one too many. `opened` holds when the last ones were heard of, the newest first.
local function is_flood(seller, now, most, together)
  local name = key.opened(seller)
  if redis.call('LPUSH', name, now) <= most then
    return false
  end
  local before = tonumber(redis.call('LINDEX', name, most))
  redis.call('LTRIM', name, 0, most)
  return before > now - together
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
