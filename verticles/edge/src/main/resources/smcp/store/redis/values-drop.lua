-- What remains for a day is the last version given: by then the time is beyond it, wherever a server's clock stands.
-- KEYS names meta values expires state
local last = redis.call('HGET', KEYS[5], 'last')
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5])
if last then
  redis.call('HSET', KEYS[5], 'last', last)
  redis.call('EXPIRE', KEYS[5], 86400)
end
return 'ok'
