#!lua
-- A person's role changes, or they are removed: then nothing is kept of them, and no room calls them by name.
-- Answers done, repeated (it is so already), last (a seller keeps an owner), or missing (nobody knows them). Done again by
-- the same operation it is done once, and answered as it was.
local seller = ARGV[1]
local who = ARGV[2]
local role = ARGV[3] -- empty: removed
local operation = ARGV[4]
local operation_ttl = tonumber(ARGV[5])
local name = ARGV[6] -- as whoever says it once more is answered
-- @include persons

if redis.call('EXISTS', key.operation(operation)) == 1 then
  return 'done'
end
local members = key.members(seller)
local had = redis.call('HGET', members, who)
if not had and redis.call('HEXISTS', key.seen_members(seller), who) == 0 then
  return 'missing'
end
if had == role then
  return 'repeated'
end

local function is_last_owner()
  local all = redis.call('HGETALL', members)
  for i = 1, #all, 2 do
    if all[i + 1] == 'owner' and not same_person(seller, all[i], who) then
      return false
    end
  end
  return true
end

local function silence(identity)
  for _, room in ipairs(redis.call('HKEYS', key.rooms(seller))) do
    local rings = cjson.decode(redis.call('HGET', key.room(room), 'rings') or '[]')
    local left = {}
    for _, chosen in ipairs(rings) do
      if chosen[1] ~= identity then
        left[#left + 1] = chosen
      end
    end
    if #left < #rings then
      redis.call('HSET', key.room(room), 'rings', left[1] and cjson.encode(left) or '[]')
    end
  end
end

if had == 'owner' and is_last_owner() then
  return 'last'
end
redis.call('SET', key.operation(operation), name, 'EX', operation_ttl)
if role ~= '' then
  set_for(key.members, seller, who, role)
  return 'done'
end
local identities = {}
each_identity(seller, who, function(identity)
  identities[#identities + 1] = identity
end)
for _, identity in ipairs(identities) do
  for _, kind in ipairs({ key.members, key.seen_members, key.habits, key.persons }) do
    redis.call('HDEL', kind(seller), identity)
  end
  silence(identity)
end
return 'done'
