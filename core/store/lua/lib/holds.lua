-- @include persons
-- @include uses
-- Replies that are held: for some seconds they can be taken back. Needs `queue` and `rooms`. A conversation names them in
-- `held`; some of those may have gone out since.
local ALARM = 0

-- Its delivery is needed no more, unless it is on its way: then its outcome will find the reply accepted.
local function call_off(reply, wall)
  local found = redis.call('HMGET', key.delivery(reply), 'state', 'lane', 'strand')
  if not found[1] or found[1] == 'sending' then
    return
  end
  local lane, strand = found[2], found[3]
  redis.call('SREM', key.failing(lane), strand)
  advance(reply, lane, strand, wall)
  redis.call('DEL', key.delivery(reply))
  touch(lane, wall)
end

-- A reply sets out; with `till` ahead it is held until then.
local function set_out(reply, conversation, till, wall)
  local name = key.conversation(conversation)
  local found = redis.call('HMGET', name, 'shop', 'held')
  local lane, is_held = 'shop/' .. found[1], till > wall
  redis.call('HSET', key.message(reply), 'state', is_held and 'held' or 'sending', 'problem', '')
  redis.call('HDEL', key.message(reply), 'why')
  redis.call('HSET', name, 'sending', reply)
  local fields = { 'kind', 'reply', 'conversation', conversation, 'message', reply, 'shop', found[1] }
  if not is_held then
    enqueue(reply, lane, conversation, CARD, wall, fields)
    return
  end
  redis.call('HSET', name, 'held', found[2] and found[2] .. ' ' .. reply or reply)
  redis.call('HSET', key.delivery(reply), 'state', 'held', 'until', till, 'lane', lane, 'strand', conversation, 'class', CARD,
    'created', till, unpack(fields))
  if redis.call('RPUSH', key.strand(lane, conversation), reply) == 1 then
    redis.call('ZADD', key.waiting(lane), till, conversation)
    touch(lane, wall)
  end
end

-- It is on its way no more, whether it is taken back or waits for a word.
local function stand_still(reply, conversation, wall)
  local name = key.conversation(conversation)
  call_off(reply, wall)
  if redis.call('HGET', name, 'sending') == reply then
    redis.call('HDEL', name, 'sending')
  end
end

-- Something happened that its author did not know of: a held reply stops, and asks. `why` is buyer or answered; `by`
-- answered, and does not stand in their own way.
local function stop_held(conversation, seller, why, by, wall)
  local name = key.conversation(conversation)
  local held = redis.call('HGET', name, 'held')
  if not held then
    return
  end
  local left = {}
  for reply in string.gmatch(held, '%S+') do
    local found = redis.call('HMGET', key.message(reply), 'state', 'author')
    if found[1] == 'held' and by ~= '' and same_person(seller, cjson.decode(found[2])[1], by) then
      left[#left + 1] = reply
    elseif found[1] == 'held' then
      stand_still(reply, conversation, wall)
      redis.call('HSET', key.message(reply), 'state', 'stopped', 'why', why)
      note_everywhere(conversation, seller, reply, 'stopped', ALARM, wall)
    end
  end
  if left[1] then
    redis.call('HSET', name, 'held', table.concat(left, ' '))
  else
    redis.call('HDEL', name, 'held')
  end
end

-- It never leaves: its text is a draft again, for a day.
local function drop_reply(reply, conversation, seller, wall)
  local found = redis.call('HMGET', key.message(reply), 'text', 'author', 'used')
  stand_still(reply, conversation, wall)
  if found[3] then
    count_use(seller, cjson.decode(found[3]).id, -1)
  end
  redis.call('DEL', key.message(reply))
  redis.call('ZREM', key.messages(conversation), reply)
  redis.call('HSET', key.draft(reply), 'seller', seller, 'conversation', conversation, 'text', found[1], 'by', found[2],
    'candidates', '[]', 'outcome', 'dropped')
  redis.call('EXPIRE', key.draft(reply), 86400)
end
