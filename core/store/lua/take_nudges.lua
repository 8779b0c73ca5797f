#!lua
-- What a room is to be reminded of is taken into the delivery that carries it, so that it says the same whenever it is
-- tried again: the nearest deadlines first, without what was settled meanwhile. Reminders of the seller that would
-- follow soon come along. What finds no place is left to another delivery, behind this one.
-- Answers {{obligation, conversation, letter of its rung, instant of it}, …}, or nil (another worker has it).
local wall = tonumber(ARGV[1])
local now = tonumber(ARGV[2])
local delivery = ARGV[3]
local token = ARGV[4]
local room = ARGV[5]
local most = tonumber(ARGV[6])
local together = tonumber(ARGV[7]) -- milliseconds from now in which a reminder would follow; 0: none comes along
local look = tonumber(ARGV[8]) -- obligations of the seller that are looked at for such
local behind = tonumber(ARGV[9]) -- reminders that are looked at, many of which may come behind their cards
-- @include queue
-- @include rooms
-- @include obligations
-- @include nudges

local name = key.delivery(delivery)
local found = redis.call('HMGET', name, 'token', 'lines', 'lane')
if found[1] ~= token then
  return false
end
if found[2] then
  return cjson.decode(found[2])
end
local lane = found[3]
local seller = redis.call('HGET', key.room(room), 'seller')

local function read(obligation)
  local found = redis.call('HMGET', key.obligation(obligation), 'state', 'of', 'at', 'due', 'plan', 'terms', 'quiet', 'rung',
    'unheeded')
  return {
    state = found[1], conversation = found[2], at = tonumber(found[3] or ''), due = tonumber(found[4] or ''), plan = found[5],
    terms = found[6], quiet = found[7], rung = found[8] or '', unheeded = found[9] or '',
  }
end

local function bring_along(obligation)
  local it = read(obligation)
  if it.state ~= 'open' or it.quiet or (redis.call('HGET', key.conversation(it.conversation), room) or '') == '' then
    return
  end
  -- A breach has not happened yet.
  local letter, seconds, rest = passed(it.plan, it.at, now + together - 1, BREACH)
  local shop = redis.call('HGET', key.conversation(it.conversation), 'shop')
  if not letter or redis.call('HGET', key.shop(shop), 'terms') ~= it.terms then
    return
  end
  redis.call('HSET', key.obligation(obligation), 'plan', rest, 'told', math.max(now, it.at + seconds * 1000),
    'rung', rung_of(letter, seconds))
  schedule(obligation, it.at, rest, now)
  local own = { it.due or math.huge, obligation }
  redis.call('ZADD', key.nudges(room), unpack(own))
  each_room(seller, function(other, other_lane)
    if other ~= room then
      remind_room(other, other_lane, own, wall)
    end
  end)
end

-- It is said, and counts until a member does something: once, whichever room says it first.
local function say(it, obligation)
  local rung = it.rung .. ' '
  if not string.find(it.unheeded, rung, 1, true) then
    redis.call('HSET', key.obligation(obligation), 'unheeded', it.unheeded .. rung)
  end
end

-- A line about it; nil where nobody is to be reminded any more, or behind its card.
local function line(obligation)
  local it = read(obligation)
  if it.rung == '' or it.state ~= (string.sub(it.rung, 1, 1) == BREACH and 'breached' or 'open') then
    return
  end
  say(it, obligation)
  if has_card(it, obligation, room, lane, wall) then
    return line_of(it, obligation, it.rung)
  end
end

if together > 0 then
  for _, obligation in ipairs(redis.call('ZRANGE', key.owed(seller), 0, look - 1)) do
    bring_along(obligation)
  end
end
local lines, looked = {}, 0
local left = redis.call('ZRANGE', key.nudges(room), 0, 0)[1]
while left and #lines < most and looked < behind do
  redis.call('ZREM', key.nudges(room), left)
  lines[#lines + 1], looked = line(left), looked + 1
  left = redis.call('ZRANGE', key.nudges(room), 0, 0)[1]
end
if #lines == 1 then
  redis.call('HSET', name, unpack(only_line(lines[1])))
else
  redis.call('HSET', name, 'lines', #lines > 0 and cjson.encode(lines) or '[]')
end
if left then
  carry_nudges(left, room, lane, wall)
end
touch(lane, wall)
ring()
return lines
