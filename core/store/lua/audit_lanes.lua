#!lua flags=no-writes
-- What does not agree about lanes: one with something to send stands in `lanes` by its next instant, and every strand in
-- its parts has something to send. Answers {how many are paused, {{flaw, lane}, …}}.
local lanes = cjson.decode(ARGV[1])
local wall = tonumber(ARGV[2])
local late = tonumber(ARGV[3])
local most = tonumber(ARGV[4]) -- strands of each part that are looked at
-- @include queue

local paused, flaws = 0, {}

local function has_empty_strand(lane)
  for _, part in ipairs(parts_of(lane)) do
    for _, strand in ipairs(redis.call('ZRANGE', part, 0, most - 1)) do
      if redis.call('EXISTS', key.strand(lane, strand)) == 0 then
        return true
      end
    end
  end
end

for _, lane in ipairs(lanes) do
  if number(redis.call('HGET', key.lane(lane), 'pause')) > wall then
    paused = paused + 1
  end
  local next_at = next_try(lane, wall)
  local score = tonumber(redis.call('ZSCORE', key.lanes(), lane) or '')
  if next_at and not (score and score <= math.max(next_at, wall) + late) then
    flaws[#flaws + 1] = { 'lane_missing', lane }
  end
  if has_empty_strand(lane) then
    flaws[#flaws + 1] = { 'strand_empty', lane }
  end
end
return { paused, flaws }
