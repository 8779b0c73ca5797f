#!lua
-- Whoever made a code in one chat and typed it in another is one person: both have the higher of their roles, and are
-- called in the same way.
-- Answers done, repeated (they were one before), or missing (no such code, expired, or typed by somebody else).
local wall = tonumber(ARGV[1])
local seller = ARGV[2]
local code = ARGV[3]
local who = ARGV[4]
local rank = cjson.decode(ARGV[5])
-- @include persons

local found = redis.call('HMGET', key.link(code), 'seller', 'person', 'asked', 'expires_at', 'joined')
local maker = found[2]
if found[1] ~= seller or not maker or found[3] ~= who then
  return 'missing'
end
if found[5] then
  return 'done'
end
if tonumber(found[4]) <= wall then
  return 'missing'
end
if same_person(seller, maker, who) then
  return 'repeated'
end
local person = redis.call('HGET', key.persons(seller), maker) or maker
local roles = redis.call('HMGET', key.members(seller), maker, who)
local role = roles[1]
if roles[2] and not (role and rank[role] >= rank[roles[2]]) then
  role = roles[2]
end
local habits = redis.call('HGET', key.habits(seller), maker) or redis.call('HGET', key.habits(seller), who) or ''
local theirs = { person, maker }
each_identity(seller, who, function(identity)
  theirs[#theirs + 1] = identity
end)
for _, identity in ipairs(theirs) do
  redis.call('HSET', key.persons(seller), identity, person)
end
if role then
  set_for(key.members, seller, who, role)
end
set_for(key.habits, seller, who, habits)
redis.call('HSET', key.link(code), 'joined', '1')
return 'done'
