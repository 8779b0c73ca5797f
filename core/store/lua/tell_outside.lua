#!lua
-- When none of a seller's rooms can be reached: its owners are messaged directly where their chat still works, and its
-- marketplaces are told; once for each `notice`. Answers how many are told, or reachable (a room is, or there is none).
local wall = tonumber(ARGV[1])
local seller = ARGV[2]
local notice = ARGV[3]
local problem = ARGV[4]
local lifetime = tonumber(ARGV[5])
-- @include queue
-- @include rooms

local ALARM = 0
local known = redis.call('GET', key.operation(notice))
if known then
  return known
end
local workspaces, reachable = {}, true
each_room(seller, function(room, lane)
  reachable = redis.call('HEXISTS', key.lane(lane), 'lost') == 0
  workspaces[string.match(lane, '^([^/]+/[^/]+/)')] = room
  return reachable
end)
if reachable then
  return 'reachable'
end
local told = 0
local function tell(delivery, lane, fields)
  if enqueue(delivery, lane, notice, ALARM, wall, fields) then
    told = told + 1
  end
end
local members = redis.call('HGETALL', key.members(seller))
for i = 1, #members, 2 do
  local workspace, user = string.match(members[i], '^([^/]+/[^/]+/)(.+)$')
  if members[i + 1] == 'owner' and workspaces[workspace] then
    tell(notice .. '-' .. members[i], workspace .. '@' .. user, {
      'kind', 'notice', 'room', workspaces[workspace], 'about', 'no_room', 'problem', problem, 'to', members[i],
    })
  end
end
for _, shop in ipairs(redis.call('SMEMBERS', key.shops(seller))) do
  if redis.call('HGET', key.shop(shop), 'callback_url') ~= '' then
    tell(notice .. '-' .. shop, 'shop/' .. shop, { 'kind', 'unreachable', 'shop', shop, 'problem', problem })
  end
end
redis.call('SET', key.operation(notice), told, 'EX', lifetime)
ring()
return tostring(told)
