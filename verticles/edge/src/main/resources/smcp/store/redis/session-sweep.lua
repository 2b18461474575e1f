-- KEYS: the tenant's base. ARGV: entry's number, now, most. Names are made from the base: which sessions are due is known only here.
-- Answers {1 if there is more to do now, where the entry may be moved, ids of those removed ...}.
local base, now, most = KEYS[1], ARGV[2], tonumber(ARGV[3])
local index = base .. 'sessions'
local answer = {0, ''}
local ids = redis.call('ZRANGEBYSCORE', index, '-inf', text(millis(now)), 'LIMIT', 0, most)
local changed = false
for _, id in ipairs(ids) do
  local expires = redis.call('HGET', base .. 'session:' .. id, 'expires')
  if not expires or expires < now then
    changed = true
    if forget(base, id) then
      answer[#answer + 1] = id
    else
      answer[1] = 1
    end
  elseif millis(expires) > millis(now) then
    changed = true
    redis.call('ZADD', index, text(millis(expires)), id)
  end
end
if changed and #ids == most then
  answer[1] = 1
end
answer[2] = looked(base .. 'sessions.due', index, tonumber(ARGV[1]))
return answer
