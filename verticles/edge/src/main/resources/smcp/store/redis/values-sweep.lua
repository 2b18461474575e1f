-- Removes what expired up to a time. KEYS names meta values expires state; ARGV ms, most
-- {removed, entries that have an expiry still}
local names, meta, values, expires, state = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local due = redis.call('ZRANGEBYSCORE', expires, '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, key in ipairs(due) do
  local length = string.match(redis.call('HGET', meta, key), '%d+ (%d+) %d+')
  redis.call('ZREM', names, key)
  redis.call('HDEL', meta, key)
  redis.call('HDEL', values, key)
  redis.call('ZREM', expires, key)
  redis.call('HINCRBY', state, 'bytes', -(#key + length))
end
return {#due, redis.call('ZCARD', expires)}
