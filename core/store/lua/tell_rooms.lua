#!lua
-- Puts a notice into every room of the seller but the one it is about, once. Answers how many rooms are told.
local wall = tonumber(ARGV[1])
local seller = ARGV[2]
local notice = ARGV[3]
local about = ARGV[4]
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
each_room(seller, function(room, lane)
  if lane ~= about then
    local all = { 'kind', 'notice', 'room', room }
    for _, field in ipairs(fields) do
      all[#all + 1] = field
    end
    enqueue(notice .. '-' .. room, lane, notice, ALARM, wall, all)
    told = told + 1
  end
end)
redis.call('SET', key.operation(notice), told, 'EX', lifetime)
ring()
return told
