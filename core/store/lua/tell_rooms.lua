#!lua
-- Puts a notice into every room of the seller but those that it is about, once: the rooms of one lane, or with a slash
-- at its end of all lanes of a workspace. Answers how many rooms are told.
local wall = tonumber(ARGV[1])
local seller = ARGV[2]
local notice = ARGV[3]
local about = ARGV[4]
local fields = cjson.decode(ARGV[5])
local lifetime = tonumber(ARGV[6])
-- @include queue
-- @include rooms

local ALARM = 0
local function concerns(lane)
  return lane == about or (string.sub(about, -1) == '/' and string.sub(lane, 1, #about) == about)
end

local told = tonumber(redis.call('GET', key.operation(notice)) or '')
if told then
  return told
end
told = 0
each_room(seller, function(room, lane)
  if not concerns(lane) then
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
