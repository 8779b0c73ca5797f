-- What a conversation remembers of words that are kept no more: the first of all, then the last of each sort, as in
-- `s17 i20 s40`: `i` asked outside of an order, `o` on one, `s` said by the seller; then the instant.
local function past_of(text)
  local past = { last = {} }
  for sort, at in string.gmatch(text or '', '(%l)(%d+)') do
    past.first = past.first or { sort = sort, at = tonumber(at) }
    past.last[sort] = tonumber(at)
  end
  return past
end

-- Of one instant the seller's words come first, as where obligations are worked out.
local function remember(past, sort, at)
  local first = past.first
  if not first or at < first.at or (at == first.at and sort == 's') then
    past.first = { sort = sort, at = at }
  end
  past.last[sort] = math.max(past.last[sort] or 0, at)
end

local function past_text(past)
  local tokens = { past.first and string.format('%s%d', past.first.sort, past.first.at) }
  for _, sort in ipairs({ 'i', 'o', 's' }) do
    if past.last[sort] then
      tokens[#tokens + 1] = string.format('%s%d', sort, past.last[sort])
    end
  end
  return table.concat(tokens, ' ')
end
