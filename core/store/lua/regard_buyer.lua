#!lua
-- From now on a buyer is held otherwise: the card of the conversation in which that was said is drawn anew, others with
-- their next change. Answers done, repeated, or missing (no such conversation of this seller).
local wall = tonumber(ARGV[1])
local seller = ARGV[2]
local conversation = ARGV[3] -- empty: none is drawn
local regard = ARGV[4]
local regarded = ARGV[5] -- empty: not any more
local operation = ARGV[6]
local operation_ttl = tonumber(ARGV[7])
-- @include queue
-- @include rooms

if conversation ~= '' and redis.call('HGET', key.conversation(conversation), 'seller') ~= seller then
  return 'missing'
end
local said = redis.call('GET', key.operation(operation))
if said then
  return said
end
local word = 'repeated'
if regarded == '' then
  word = redis.call('HDEL', key.regards(seller), regard) == 1 and 'done' or word
else
  word = redis.call('HSETNX', key.regards(seller), regard, regarded) == 1 and 'done' or word
end
redis.call('SET', key.operation(operation), word, 'EX', operation_ttl)
if conversation ~= '' then
  redraw_everywhere(conversation, seller, wall)
end
ring()
return word
