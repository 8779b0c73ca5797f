-- @include verdicts
-- Shares: of all that a seller is asked a room may be shown a part, what some shops are asked or what is of one kind. It
-- stands on the room as `order|01p… 01p…`, each side empty for all; without one it is shown everything. Needs `rooms`.
local function in_share(share, shop, kind)
  local of_kind, of_shops = string.match(share or '|', '^(%l*)|(.*)$')
  return (of_kind == '' or of_kind == kind) and (of_shops == '' or string.find(of_shops, shop, 1, true) ~= nil)
end

-- Whether what a shop is asked of one kind is for this room: its own share, or what is in no room's.
local function is_for(room, seller, shop, kind)
  local share = room_settings(room).share
  if not share or in_share(share, shop, kind) then
    return true
  end
  local elsewhere = false
  each_room(seller, function(other)
    elsewhere = in_share(room_settings(other).share, shop, kind)
    return elsewhere
  end)
  return not elsewhere
end

-- Whether a room is to show a conversation for what was asked in it. What it shows already it goes on showing, and what is
-- in no room's share is shown in all of them: somebody has to see it.
local function is_shown(conversation, room, asks)
  local about = redis.call('HMGET', key.conversation(conversation), 'seller', 'shop', room)
  return about[3] ~= false or is_for(room, about[1], about[2], kind_of(asks))
end
