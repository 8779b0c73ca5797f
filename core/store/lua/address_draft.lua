#!lua
-- Its writer said which conversation a draft is for. Answers done, missing, or the outcome that it has already.
local draft = ARGV[1]
local conversation = ARGV[2]

local outcome = redis.call('HGET', key.draft(draft), 'outcome')
if not outcome then
  return 'missing'
end
if outcome ~= '' then
  return outcome
end
redis.call('HSET', key.draft(draft), 'conversation', conversation)
return 'done'
