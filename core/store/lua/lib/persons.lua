-- A person who is known in several chats: their identities are joined under the first of them.
local function same_person(seller, one, other)
  if one == other then
    return true
  end
  local found = redis.call('HMGET', key.persons(seller), one, other)
  return (found[1] or one) == (found[2] or other)
end
