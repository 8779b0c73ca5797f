-- Cards: a conversation says of each room where its card stands, under the room's id; empty while it is still to be posted.
-- Beside it stands the card's own thread, as `threads` names it.

local function forget_cards(conversation)
  local name, gone = key.conversation(conversation), {}
  for _, field in ipairs(redis.call('HKEYS', name)) do
    if string.find(field, '^%d%dr') then
      gone[#gone + 1] = field
    end
  end
  if #gone > 0 then
    redis.call('HDEL', name, unpack(gone))
  end
end
