-- Puts a value with the version and the end it had, in the place of what is at its key.
-- KEYS names meta values expires state; ARGV key, value, version, end in ms or '0'
local names, meta, values, expires, state = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local key, value, version, ends = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local bytes = tonumber(redis.call('HGET', state, 'bytes') or '0') + #key + #value
local known = redis.call('HGET', meta, key)
if known then
  bytes = bytes - #key - string.match(known, '%d+ (%d+) %d+')
end
local last = redis.call('HGET', state, 'last') or '0'
if tonumber(version) > tonumber(last) then
  last = version
end
if ends == '0' then
  redis.call('ZREM', expires, key)
else
  redis.call('ZADD', expires, ends, key)
end
redis.call('ZADD', names, 0, key)
redis.call('HSET', meta, key, version .. ' ' .. #value .. ' ' .. ends)
redis.call('HSET', values, key, value)
redis.call('HSET', state, 'last', last, 'bytes', string.format('%.0f', bytes))
redis.call('PERSIST', state)
return 'ok'
