#!lua
-- A member takes back a reply that surely did not leave: it is held, or stopped, or was never tried, or tried and surely
-- put off. `pauses`: it only stops, so that its text can be changed.
-- Answers {word, conversation}: done, repeated (it was taken back before), missing (no such reply of this seller), or why
-- it is too late: sending (at this instant), unknown (it may have arrived), sent, refused, by_hand. Done again by the same
-- operation it is done once, and answered as it was.
local wall = tonumber(ARGV[1])
local seller = ARGV[2]
local message = ARGV[3]
local pauses = ARGV[4] == "1"
local operation = ARGV[5]
local operation_ttl = tonumber(ARGV[6])
-- @include queue
-- @include rooms
-- @include holds

local before = redis.call('GET', key.operation(operation))
if before then
  return { 'done', before }
end
local found = redis.call('HMGET', key.message(message), 'conversation', 'incoming', 'state')
local conversation, state = found[1], found[3]
if not conversation then
  local draft = redis.call('HMGET', key.draft(message), 'seller', 'conversation', 'outcome')
  if draft[1] == seller and draft[3] == 'dropped' then
    return { 'repeated', draft[2] }
  end
  return { 'missing', '' }
end
if found[2] ~= '0' or redis.call('HGET', key.conversation(conversation), 'seller') ~= seller then
  return { 'missing', '' }
end
if state == 'dropped' then -- A spam report did.
  return { 'repeated', conversation }
end
if pauses and state == 'stopped' then
  return { 'done', conversation }
end
if state == 'sending' then
  local delivery = redis.call('HGET', key.delivery(message), 'state')
  if delivery ~= 'pending' then
    return { delivery or 'sending', conversation }
  end
elseif state ~= 'held' and state ~= 'stopped' then
  return { state, conversation }
end
if pauses then
  stand_still(message, conversation, wall)
  redis.call('HSET', key.message(message), 'state', 'stopped', 'why', 'edit')
else
  drop_reply(message, conversation, seller, wall)
end
redis.call('SET', key.operation(operation), conversation, 'EX', operation_ttl)
redraw_everywhere(conversation, seller, wall)
ring()
return { 'done', conversation }
