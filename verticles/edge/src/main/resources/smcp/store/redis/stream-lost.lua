-- KEYS: the tenant's base. ARGV: node, most. To be called when the node runs nothing yet: what stands there is of its earlier life.
-- Answers {1 if there is more to look at, number of streams that stand there now, session, id, request, next, session ...}. Takes nothing away but names
-- that mean nothing.
local base, node, most = KEYS[1], ARGV[1], tonumber(ARGV[2])
local running = base .. 'running:' .. node
local answer = {0, 0}
local names = redis.call('ZRANGE', running, 0, most - 1)
for _, name in ipairs(names) do
  local is = redis.call('HMGET', base .. 'stream:' .. name, 'node', 'request', 'next')
  if is[1] == node then
    answer[#answer + 1], answer[#answer + 2] = parts(name)
    answer[#answer + 1] = is[2]
    answer[#answer + 1] = is[3]
  else
    answer[1] = 1
    redis.call('ZREM', running, name)
  end
end
answer[2] = redis.call('ZCARD', running)
return answer
