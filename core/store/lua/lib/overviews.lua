-- What a member sees of all their sellers: a mark that it is out of date, drawn from the state at the time of sending, one
-- in flight for each seller of theirs. Needs `queue`.
local function show_overview(seller, who, wall)
  local delivery = seller .. '-overview-' .. who
  local state = redis.call('HGET', key.delivery(delivery), 'state')
  if state == 'sending' or state == 'unknown' then
    redis.call('HSET', key.delivery(delivery), 'again', '1')
  elseif not state then
    put(delivery, who .. '/overview', delivery, REDRAW, wall, { 'kind', 'overview', 'seller', seller, 'who', who })
  end
end

local viewers_of = {} -- by seller: as they are when the script first asks

-- Something changed that is on it.
local function show_overviews(seller, wall)
  viewers_of[seller] = viewers_of[seller] or redis.call('HKEYS', key.viewers(seller))
  for _, who in ipairs(viewers_of[seller]) do
    show_overview(seller, who, wall)
  end
end
