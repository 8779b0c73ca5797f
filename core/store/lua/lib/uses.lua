-- How often each quick response of a seller was sent. One that comes with Shopbell, or was deleted, is not counted.
local function count_use(seller, response, by)
  if response and response ~= '' and redis.call('ZSCORE', key.quick_uses(seller), response) then
    redis.call('ZINCRBY', key.quick_uses(seller), by, response)
  end
end
