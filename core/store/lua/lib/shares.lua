-- @include verdicts
-- Shares: of all that a seller is asked a room may be shown a part, what some shops are asked or what is of one kind. It
-- stands on the room as `order|01p… 01p…`, each side empty for all; without one it is shown everything. Needs `rooms`.
local function in_share(share, shop, kind)
  local of_kind, of_shops = string.match(share or '|', '^(%l*)|(.*)$')
  return (of_kind == '' or of_kind == kind) and (of_shops == '' or string.find(of_shops, shop, 1, true) ~= nil)
end

-- Whether a room is to show a conversation for what was asked in it. What it shows already it goes on showing, and what is
-- in no room's share is shown in all of them: somebody has to see it.
local function is_shown(conversation, room, asks)
  local share = room_settings(room).share
  if not share or redis.call('HEXISTS', key.cards(conversation), room) == 1 then
    return true
  end
  local about, kind = redis.call('HMGET', key.conversation(conversation), 'seller', 'shop'), kind_of(asks)
  if in_share(share, about[2], kind) then
    return true
  end
  local elsewhere = false
  each_room(about[1], function(other)
    elsewhere = in_share(room_settings(other).share, about[2], kind)
    return elsewhere
  end)
  return not elsewhere
end
