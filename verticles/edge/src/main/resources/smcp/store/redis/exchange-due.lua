-- KEYS: the tenant's base. ARGV: entry's number, now, most, most bytes. Names are made from the base: which exchanges are due is known only here.
-- Answers {1 if there is more to do now, where the entry may be moved, session, record, session, record ...}, earliest first. Takes nothing away.
local base, now, most, bytes = KEYS[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local index = base .. 'exchanges'
local answer = {0, looked(base .. 'exchanges.due', index, tonumber(ARGV[1]))}
if answer[2] == '' then
  return answer -- another entry stands for the tenant: nothing is told twice
end
local lost = 0
local names = redis.call('ZRANGEBYSCORE', index, '-inf', text(millis(now)), 'LIMIT', 0, most)
for _, name in ipairs(names) do
  local is = redis.call('HMGET', base .. 'exchange:' .. name, 'deadline', 'record')
  local session, id = parts(name)
  if not is[1] then
    lost = lost + 1
    redis.call('ZREM', index, name)
    redis.call('SREM', base .. 'owned:' .. session, 'x' .. id)
  elseif is[1] < now then
    bytes = bytes - #is[2]
    answer[#answer + 1] = session
    answer[#answer + 1] = is[2]
    if bytes < 0 then
      break
    end
  end
end
if lost > 0 and lost == #names and #names == most then
  answer[1] = 1
end
return answer
