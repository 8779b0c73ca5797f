#!lua flags=no-writes
-- A page of the ledgers of a seller's shops, newest first: what counts from `from` on and stands before (`below`,
-- `below_id`). What has entered the rate though no worker has written it yet is among it.
-- Answers {counts from, id of the last one or ''}, {rows, policies} as `rows` tells them.
local now = tonumber(ARGV[1])
local soon = ARGV[2] -- no moment that is due by `now` is put off for longer
local ledgers = cjson.decode(ARGV[3]) -- {shop, kind}
local verdicts = cjson.decode(ARGV[4])
local from = tonumber(ARGV[5])
local below = tonumber(ARGV[6])
local below_id = ARGV[7]
local page = tonumber(ARGV[8])
-- @include unwritten
-- @include rows

local found = {}

local function is_below(at, id)
  return at < below or (at == below and id < below_id)
end

-- The newest of one ledger; many may count from one instant.
local function take(name)
  local offset, taken, chunk = 0, 0, nil
  local high, low = string.format('%d', below), string.format('%d', from)
  repeat
    chunk = redis.call('ZREVRANGEBYSCORE', name, high, low, 'WITHSCORES', 'LIMIT', offset, page)
    for i = 1, #chunk, 2 do
      local at = tonumber(chunk[i + 1])
      if is_below(at, chunk[i]) then
        found[#found + 1] = { at, chunk[i] }
        taken = taken + 1
      end
    end
    offset = offset + page
  until taken >= page or #chunk < 2 * page
end

local asked = {}
for _, verdict in ipairs(verdicts) do
  asked[verdict] = true
  for _, each in ipairs(ledgers) do
    take(key.ledger(each[1], each[2], verdict))
  end
end
for _, each in ipairs(unwritten(ledgers, now, soon)) do
  if asked[each[3] and 'met' or 'missed'] and each[1] >= from and is_below(each[1], each[2]) then
    found[#found + 1] = each
  end
end
table.sort(found, function(one, other)
  return one[1] > other[1] or (one[1] == other[1] and one[2] > other[2])
end)
local ids = {}
for place = 1, math.min(page, #found) do
  ids[place] = found[place][2]
end
local last = #found >= page and found[page] or { 0, '' }
return { { last[1], last[2] }, rows_of(ids) }
