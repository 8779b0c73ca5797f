#!lua
-- Something was posted in a chat. A receipt is a fact whoever brings it: a stale worker's is adopted too.
-- Answers done, missing (the delivery was finished before; the message is remembered all the same), or stale.
local wall = tonumber(ARGV[1])
local delivery = ARGV[2]
local room = ARGV[3]
local conversation = ARGV[4]
local posted = ARGV[5]
local is_card = ARGV[6] == "1"
local ref_ttl = tonumber(ARGV[7])
local calls = cjson.decode(ARGV[8])
local token = ARGV[9]
local drawn = tonumber(ARGV[10]) -- the version of the conversation that it shows; 0 for what shows none
local message = ARGV[11]
local pictures = cjson.decode(ARGV[12]) -- which of that message's attachments are to be shown next
-- @include queue
-- @include rooms

if posted ~= '' then -- What is about no conversation, or about several, is known to be so.
  redis.call('SET', key.ref(room, posted), conversation, 'EX', ref_ttl)
  if is_card then
    redis.call('HSET', key.conversation(conversation), room, posted)
  end
end
local name = key.delivery(delivery)
local found = redis.call('HMGET', name, 'lane', 'strand', 'again', 'message', 'token')
if not found[1] then
  return 'missing'
end
if posted == '' and found[5] ~= token then
  return 'stale' -- A redraw leaves no receipt, and the next one bears the same id.
end
local lane, strand = found[1], found[2]
redis.call('DEL', name)
recovered(lane, wall)
advance(delivery, lane, strand, wall)
for _, who in ipairs(calls) do
  enqueue(delivery .. '-' .. who, lane, strand, CARD, wall, {
    'kind', 'call', 'conversation', conversation, 'message', found[4] or '', 'room', room, 'to', who,
  })
end
-- In a strand of their own: what is fetched from afar holds up neither the card nor what is said next.
for _, which in ipairs(pictures) do
  enqueue(message .. '-' .. room .. '-picture' .. which, lane, strand .. '-pictures', RECEIPT, wall, {
    'kind', 'picture', 'conversation', conversation, 'message', message, 'room', room, 'which', which,
  })
end
-- What changed while it was on its way is not on it.
local version = drawn > 0 and number(redis.call('HGET', key.conversation(conversation), 'version')) or 0
if found[3] or drawn < version then
  redraw(conversation, room, lane, wall)
end
touch(lane, wall)
ring()
return 'done'
