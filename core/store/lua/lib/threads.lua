-- Threads: in a room that has them each card stands in one of its own, which is opened before.

-- The field of a conversation's cards that names the card's own thread in a room.
local function thread_in(room)
  return room .. '/thread'
end
