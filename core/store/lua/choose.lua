#!lua
-- A conversation is chosen in a selection, or chosen no more. Answers done, repeated (it is so already), full, or missing.
local selection = ARGV[1]
local conversation = ARGV[2]
local chosen = ARGV[3] == "1"
local most = tonumber(ARGV[4])

local known = redis.call('HGET', key.selection(selection), 'chosen')
if not known then
  return 'missing'
end
local others, was = {}, false
for each in string.gmatch(known, '%S+') do
  if each == conversation then
    was = true
  else
    others[#others + 1] = each
  end
end
if was == chosen then
  return 'repeated'
elseif chosen and #others >= most then
  return 'full'
elseif chosen then
  others[#others + 1] = conversation
end
redis.call('HSET', key.selection(selection), 'chosen', table.concat(others, ' '))
return 'done'
