-- A person who is known in several chats: their identities are joined under the first of them.
local function same_person(seller, one, other)
  if one == other then
    return true
  end
  local found = redis.call('HMGET', key.persons(seller), one, other)
  return (found[1] or one) == (found[2] or other)
end

local function each_identity(seller, who, visit)
  local person = redis.call('HGET', key.persons(seller), who)
  if not person then
    visit(who)
    return
  end
  local all = redis.call('HGETALL', key.persons(seller))
  for i = 1, #all, 2 do
    if all[i + 1] == person then
      visit(all[i])
    end
  end
end

-- What a person may do and how they want to be called is the same in every chat.
local function set_for(kind, seller, who, value)
  each_identity(seller, who, function(identity)
    if value == '' then
      redis.call('HDEL', kind(seller), identity)
    else
      redis.call('HSET', kind(seller), identity, value)
    end
  end)
end
