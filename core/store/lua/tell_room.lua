#!lua
-- Puts a notice into one room of the seller, once; where that one is out of reach, into the others. Answers how many
-- rooms are told.
local wall = tonumber(ARGV[1])
local seller = ARGV[2]
local notice = ARGV[3]
local only = ARGV[4]
local fields = cjson.decode(ARGV[5])
local lifetime = tonumber(ARGV[6])
-- @include queue
-- @include rooms

local ALARM = 0
local told = tonumber(redis.call('GET', key.operation(notice)) or '')
if told then
  return told
end
told = 0
local its_lane = redis.call('HGET', key.rooms(seller), only)
local lost = not its_lane or redis.call('HEXISTS', key.lane(its_lane), 'lost') == 1
each_room(seller, function(room, lane)
  if (room == only) ~= lost then
    enqueue(notice .. '-' .. room, lane, notice, ALARM, wall, { 'kind', 'notice', 'room', room, unpack(fields) })
    told = told + 1
  end
end)
redis.call('SET', key.operation(notice), told, 'EX', lifetime)
ring()
return told
