-- Sorted sets that are written once for all that a script does: one command for many members costs less than many for one.
-- Nothing of it is seen before `write_gathered`, which `ring` calls.
local gathered = {}

local function gathered_of(name)
  gathered[name] = gathered[name] or { added = {}, removed = {} }
  return gathered[name]
end

local function add_later(name, score, member)
  local added = gathered_of(name).added
  added[#added + 1], added[#added + 2] = score, member
end

local function remove_later(name, member)
  local removed = gathered_of(name).removed
  removed[#removed + 1] = member
end

local function write_gathered()
  for name, it in pairs(gathered) do
    if #it.removed > 0 then
      redis.call('ZREM', name, unpack(it.removed))
    end
    if #it.added > 0 then
      redis.call('ZADD', name, unpack(it.added))
    end
  end
  gathered = {}
end
