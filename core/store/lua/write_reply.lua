#!lua
-- A member's reply: kept, and put on its way to the marketplace; or, where that takes none, kept until somebody
-- says that it was typed there by hand. Nothing shows as sent before the marketplace, or that member, says so.
-- Answers done, repeated (this operation was carried out before), second (somebody else answered meanwhile: nothing was
-- written), decided (something else became of the draft), or missing (no such conversation of this seller).
local wall = tonumber(ARGV[1])
local operation = ARGV[2]
local operation_ttl = tonumber(ARGV[3])
local seller = ARGV[4]
local conversation = ARGV[5]
local message = ARGV[6]
local written_at = tonumber(ARGV[7])
local fields = cjson.decode(ARGV[8])
local sends = ARGV[9] == "1"
local draft = ARGV[10]
local forget_at = tonumber(ARGV[11])
local by = ARGV[12]
local till = tonumber(ARGV[13]) -- until this instant of `wall` it can be taken back
local since = ARGV[14] -- an answer of somebody else from then on is asked about; empty: they know of it
local formed = ARGV[15] == "1" -- they saw the conversation when they opened the form
local used = ARGV[16] -- the quick response that it was made from
-- @include queue
-- @include rooms
-- @include claims
-- @include obligations
-- @include holds

local STANDS = { held = true, sending = true, by_hand = true, sent = true }

-- Somebody else answered what the buyer said last, and the writer may not have seen it.
local function is_second(said, in_inbox, in_order)
  if since == '' or not said then
    return false
  end
  local found = redis.call('HMGET', key.message(said), 'state', 'sent_at', 'author')
  local author = found[3] and found[3] ~= '' and cjson.decode(found[3])[1]
  if not STANDS[found[1]] or (author and same_person(seller, author, by)) then
    return false
  end
  local at = tonumber(found[2])
  local seen = formed and tonumber(redis.call('HGET', key.forms(conversation), by) or '')
  return at >= (seen or tonumber(since)) and at >= (newest(in_inbox, in_order) or 0)
end

local known = redis.call('HMGET', key.conversation(conversation), 'seller', 'shop', 'open', 'said', 'in_inbox', 'in_order')
if known[1] ~= seller then
  return 'missing'
end
if redis.call('EXISTS', key.operation(operation)) == 1 then
  return 'repeated'
end
if is_second(known[4], known[5], known[6]) then
  return 'second'
end
redis.call('SET', key.operation(operation), message, 'EX', operation_ttl)
if draft ~= '' then
  if redis.call('HGET', key.draft(draft), 'outcome') ~= '' then
    redis.call('DEL', key.operation(operation))
    return 'decided'
  end
  redis.call('HSET', key.draft(draft), 'outcome', sends and 'sent' or 'by_hand', 'message', message)
end
redis.call('HSET', key.message(message), 'conversation', conversation, 'incoming', '0',
  'state', 'by_hand', 'sent_at', written_at, unpack(fields))
redis.call('ZADD', key.messages(conversation), written_at, message)
heeded(conversation, by, written_at)
wrote(conversation, by)
count_use(seller, used, 1)
if not known[3] then
  redis.call('ZADD', key.agenda(), forget_at, text_moment(conversation)) -- Nothing will be settled by it.
end
redis.call('HSET', key.conversation(conversation), 'said', message, 'wrote', '1')
stop_held(conversation, seller, 'answered', by, wall)
if sends then
  set_out(message, conversation, till, wall)
end
redraw_everywhere(conversation, seller, wall)
ring()
return 'done'
