#!lua flags=no-writes
-- What a rate is made of: how many were answered in time and how many were not, of what counts from after `start` on in the
-- ledgers of a seller's shops; of the `most` newest alone where there are more. To them comes what is `assumed` beside.
-- Answers {met, missed, when the oldest counts from where it is `dated`, else ''}.
--
-- Most queries end at the first two counts, so what only the others need is made after them; instants stay the text that
-- they came as, for a number is spelled anew in each command.
local now = ARGV[1]
local soon = ARGV[2] -- no moment that is due by `now` is put off for longer
local ledgers = cmsgpack.unpack(ARGV[3]) -- {shop, kind}
local start = ARGV[4]
local most = tonumber(ARGV[5])
local assumed = ARGV[6] -- packed: {counts from, obligation, met}; or empty
local dated = ARGV[7] == "1"
-- @include unwritten

local beside = unwritten(ledgers, now, soon)
if assumed ~= '' then
  for _, each in ipairs(cmsgpack.unpack(assumed)) do
    beside[#beside + 1] = each
  end
end

-- Of what counts from after an instant.
local function count(after)
  local met, missed = 0, 0
  local bound = '(' .. after
  for _, each in ipairs(ledgers) do
    met = met + redis.call('ZCOUNT', key.ledger(each[1], each[2], 'met'), bound, '+inf')
    missed = missed + redis.call('ZCOUNT', key.ledger(each[1], each[2], 'missed'), bound, '+inf')
  end
  for _, each in ipairs(beside) do
    if each[1] > tonumber(after) then
      met, missed = met + (each[3] and 1 or 0), missed + (each[3] and 0 or 1)
    end
  end
  return met, missed
end

local met, missed = count(start)
if met + missed <= most and not dated then
  return { met, missed, '' }
end

start = tonumber(start)
-- The first instant after another that anything counts from, or by `last` the last one there is; nil where there is none.
local function instant(after, last)
  local command, low, high = 'ZRANGEBYSCORE', string.format('(%d', after), '+inf'
  if last then
    command, low, high = 'ZREVRANGEBYSCORE', high, low
  end
  local found
  local function look(at)
    if at and at > after and (not found or (last and at > found) or (not last and at < found)) then
      found = at
    end
  end
  for _, each in ipairs(ledgers) do
    for _, verdict in ipairs({ 'met', 'missed' }) do
      local first = redis.call(command, key.ledger(each[1], each[2], verdict), low, high, 'WITHSCORES', 'LIMIT', 0, 1)
      look(tonumber(first[2] or ''))
    end
  end
  for _, each in ipairs(beside) do
    look(each[1])
  end
  return found
end

if met + missed <= most then
  return { met, missed, instant(start) or '' }
end

-- The latest instant after which there are too many; what counts from the next millisecond on is in, and of that one as
-- many as there is room for, the greatest id first.
local low, high = start, instant(start, true)
while high - low > 1 do
  local middle = math.floor((low + high) / 2)
  met, missed = count(middle)
  if met + missed > most then
    low = middle
  else
    high = middle
  end
end
met, missed = count(high)
local room = most - met - missed
if room == 0 then
  return { met, missed, dated and instant(high) or '' }
end
local same = {}
for _, each in ipairs(ledgers) do
  for _, verdict in ipairs({ 'met', 'missed' }) do
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', key.ledger(each[1], each[2], verdict), high, high)) do
      same[#same + 1] = { high, id, verdict == 'met' }
    end
  end
end
for _, each in ipairs(beside) do
  if each[1] == high then
    same[#same + 1] = each
  end
end
table.sort(same, function(one, other)
  return one[2] > other[2]
end)
for place = 1, room do
  met, missed = met + (same[place][3] and 1 or 0), missed + (same[place][3] and 0 or 1)
end
return { met, missed, high }
