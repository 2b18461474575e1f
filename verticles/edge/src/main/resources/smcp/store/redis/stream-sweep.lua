-- KEYS: the tenant's base. ARGV: entry's number, now, most. Names are made from the base: which streams are due is known only here.
-- Answers {1 if there is more to do now, where the entry may be moved, number of streams removed}.
local base, now, most = KEYS[1], ARGV[2], tonumber(ARGV[3])
local index = base .. 'streams'
local gone, changed = 0, false
local names = redis.call('ZRANGEBYSCORE', index, '-inf', text(millis(now)), 'LIMIT', 0, most)
for _, name in ipairs(names) do
  local expires = redis.call('HGET', base .. 'stream:' .. name, 'expires')
  if not expires or expires < now then
    changed = true
    gone = gone + 1
    drop_stream(base, name)
    local session, id = parts(name)
    redis.call('SREM', base .. 'owned:' .. session, 's' .. id)
  elseif millis(expires) > millis(now) then
    changed = true
    redis.call('ZADD', index, text(millis(expires)), name)
  end
end
return {changed and #names == most and 1 or 0, looked(base .. 'streams.due', index, tonumber(ARGV[1])), gone}
