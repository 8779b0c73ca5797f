-- Obligations as they are listed: {id, {its fields}, shop, the marketplace's id of the conversation, buyer, url, who wrote the
-- answer}…, and the policies that they were opened under: {digest, policy}….
local function rows_of(ids)
  local rows, digests = {}, {}
  for _, id in ipairs(ids) do
    local fields = redis.call('HGETALL', key.obligation(id))
    local it = {}
    for i = 1, #fields, 2 do
      it[fields[i]] = fields[i + 1]
    end
    if it.of then
      local about = redis.call('HMGET', key.conversation(it.of), 'shop', 'key', 'buyer', 'url')
      local author = it.answer and redis.call('HGET', key.message(it.answer), 'author')
      rows[#rows + 1] = { id, fields, about[1], about[2] or '', about[3] or '', about[4] or '', author or '' }
      digests[it.policy] = true
    end
  end
  local policies = {}
  for digest in pairs(digests) do
    policies[#policies + 1] = { digest, redis.call('GET', key.policy(digest)) }
  end
  return { rows, policies }
end
