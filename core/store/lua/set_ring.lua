#!lua
-- How a new message calls one member in a room; what others chose stays. Answers done, or missing (no such room).
local room = ARGV[1]
local who = ARGV[2]
local name = ARGV[3]
local ring = ARGV[4]

local known = redis.call('HGET', key.room(room), 'rings')
if not known then
  return 'missing'
end
local rings = {}
for _, chosen in ipairs(cjson.decode(known)) do
  if chosen[1] ~= who then
    rings[#rings + 1] = chosen
  end
end
rings[#rings + 1] = { who, name, ring }
redis.call('HSET', key.room(room), 'rings', cjson.encode(rings))
return 'done'
