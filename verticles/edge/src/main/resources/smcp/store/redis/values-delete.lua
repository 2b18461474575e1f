-- KEYS names meta values expires state; ARGV key, expected version
-- {'ok'}, {'none'}, {'conflict', stored version}
local names, meta, values, expires, state = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local key = ARGV[1]
local known = redis.call('HGET', meta, key)
if not known then
  return {'none'}
end
local version, length, ends = string.match(known, '(%d+) (%d+) (%d+)')
local time = redis.call('TIME')
if ends ~= '0' and tonumber(ends) <= time[1] * 1000 + math.floor(time[2] / 1000) then
  return {'none'}
end
if ARGV[2] ~= '-1' and ARGV[2] ~= version then
  return {'conflict', version}
end
redis.call('ZREM', names, key)
redis.call('HDEL', meta, key)
redis.call('HDEL', values, key)
redis.call('ZREM', expires, key)
redis.call('HINCRBY', state, 'bytes', -(#key + length))
return {'ok'}
