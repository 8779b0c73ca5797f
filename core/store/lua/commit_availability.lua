#!lua
-- What is kept of the availability of some shops of one seller becomes other, if nothing came between; what follows of it
-- (what a marketplace and the rooms are told, when to look again) is written by the same step.
-- Answers done, stale, missing (not this seller's shop, or no such draft), or the outcome that the draft has already.
local wall = tonumber(ARGV[1])
local now = tonumber(ARGV[2])
local seller = ARGV[3]
local draft = ARGV[4] -- to be spent with `outcome`; empty: none
local outcome = ARGV[5]
local delivery = ARGV[6] -- carried out by this; empty: none
local changes = cjson.decode(ARGV[7])
-- @include queue
-- @include rooms
-- @include absences
-- @include shares

local ALARM = 0

local function is_stale(change)
  local kept = redis.call('HMGET', key.availability(change.shop), 'version', 'site')
  return (kept[1] or '0') ~= change.version or (change.looked and (kept[2] or '') ~= change.site)
end

-- This very change was kept before: it is told twice.
local function stands(change)
  local kept = redis.call('HMGET', key.availability(change.shop), 'version', 'kept')
  return tonumber(kept[1] or '0') == tonumber(change.version) + 1 and kept[2] == change.kept
end

-- What was told before and is not under way is told no more.
local function supersede(telling)
  local found = redis.call('HMGET', key.delivery(telling), 'state', 'lane', 'strand')
  if found[1] and found[1] ~= 'sending' then
    redis.call('DEL', key.delivery(telling))
    advance(telling, found[2], found[3], wall)
    touch(found[2], wall)
  end
end

local function tell_site(change)
  if change.instead ~= '' then
    supersede(change.instead)
  end
  if change.telling ~= '' then
    local lane = 'shop/' .. change.shop
    enqueue(change.telling, lane, change.shop, CARD, wall, { 'kind', 'availability', 'shop', change.shop })
  end
end

-- The rooms that show what this shop is asked; where there is none, all of them.
local function rooms_of(shop)
  local every, showing = {}, {}
  each_room(seller, function(room, lane)
    local share = redis.call('HGET', key.room(room), 'share')
    every[#every + 1] = { room, lane }
    if in_share(share, shop, 'inbox') or in_share(share, shop, 'order') then
      showing[#showing + 1] = { room, lane }
    end
  end)
  return #showing > 0 and showing or every
end

local function tell_rooms(change)
  for _, news in ipairs(change.news) do
    for _, each in ipairs(rooms_of(change.shop)) do
      local room, lane = each[1], each[2]
      local notice = change.shop .. '-' .. change.version .. '-' .. news.what .. '-' .. room
      local fields = { 'kind', 'absence', 'room', room, 'shop', change.shop, 'what', news.what, unpack(news.facts) }
      enqueue(notice, lane, change.shop .. '-' .. room, ALARM, wall, fields)
    end
  end
end

local standing = 0
for _, change in ipairs(changes) do
  if redis.call('HGET', key.shop(change.shop), 'seller') ~= seller then
    return 'missing'
  end
  standing = standing + (stands(change) and 1 or 0)
end
if standing == #changes then
  return 'done'
end
for _, change in ipairs(changes) do
  if is_stale(change) then
    return 'stale'
  end
end
if draft ~= '' then
  local had = redis.call('HGET', key.draft(draft), 'outcome')
  if had ~= '' then
    return had or 'missing'
  end
  redis.call('HSET', key.draft(draft), 'outcome', outcome)
end
for _, change in ipairs(changes) do
  redis.call('HSET', key.availability(change.shop), 'kept', change.kept, 'version', tonumber(change.version) + 1)
  if change.told then
    tell_absence(change.shop, change.told.name, change.told.stamp, change.told.value, change.told.since, now)
  end
  tell_site(change)
  tell_rooms(change)
  local moment = 'availability/' .. change.shop
  if change.next == '' then
    redis.call('ZREM', key.agenda(), moment)
  else
    redis.call('ZADD', key.agenda(), change.next, moment)
    woken = woken or change.next <= now
  end
end
show_overviews(seller, wall)
local found = delivery ~= '' and redis.call('HMGET', key.delivery(delivery), 'lane', 'strand')
if found and found[1] then
  redis.call('DEL', key.delivery(delivery))
  recovered(found[1], wall)
  advance(delivery, found[1], found[2], wall)
  touch(found[1], wall)
end
ring()
return 'done'
