#!lua
-- A seller is told of its evening or its week in one room a platform: of those that can be reached, the one that was
-- linked first. Its next such moment is set by the same step; however often it is done, it is told once.
-- Answers how many rooms are told.
local wall = tonumber(ARGV[1])
local seller = ARGV[2]
local moment = ARGV[3]
local next_at = ARGV[4] -- empty: never
local notice = ARGV[5] -- names what is told; empty: nothing
local fields = cjson.decode(ARGV[6])
local lifetime = tonumber(ARGV[7])
-- @include queue
-- @include rooms

redis.call('ZREM', key.agenda(), moment)
if next_at ~= '' then
  redis.call('ZADD', key.agenda(), next_at, moment)
end
if notice == '' then
  return 0
end
local told = tonumber(redis.call('GET', key.operation(notice)) or '')
if told then
  return told
end

local function is_before(one, other)
  if one.lost ~= other.lost then
    return one.lost < other.lost
  elseif one.linked ~= other.linked then
    return one.linked < other.linked
  end
  return one.room < other.room
end

local first, platforms = {}, {}
each_room(seller, function(room, lane)
  local platform = string.match(lane, '^[^/]+')
  local found = {
    room = room, lane = lane, lost = redis.call('HEXISTS', key.lane(lane), 'lost'),
    linked = number(redis.call('HGET', key.room(room), 'linked_at')),
  }
  if not first[platform] then
    platforms[#platforms + 1] = platform
    first[platform] = found
  elseif is_before(found, first[platform]) then
    first[platform] = found
  end
end)
for _, platform in ipairs(platforms) do
  local found = first[platform]
  enqueue(notice .. '-' .. found.room, found.lane, notice, RECEIPT, wall, {
    'kind', 'digest', 'room', found.room, unpack(fields),
  })
end
redis.call('SET', key.operation(notice), #platforms, 'EX', lifetime)
ring()
return #platforms
