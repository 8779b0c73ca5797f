-- Why a quick response may not stand among its seller's: taken (another of the same shops bears its title), or full.
-- Nil where it may.
local function refusal(seller, response, value, most)
  local all = redis.call('HGETALL', key.quick_responses(seller))
  local kept, known = cjson.decode(value), false
  for i = 1, #all, 2 do
    local other = cjson.decode(all[i + 1])
    if all[i] == response then
      known = true
    elseif other.folded == kept.folded and other.shop == kept.shop then
      return 'taken'
    end
  end
  return not known and #all / 2 >= most and 'full' or nil
end
