-- Versions are the server's time in microseconds, or one more than the last where that is greater.
-- KEYS names meta values expires state; ARGV key, value, expected version, life in ms or '0', most entries, most bytes
-- {'ok', version}, {'conflict', stored version}, {'quota', entries, bytes}
local names, meta, values, expires, state = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local key, value, expected, life = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local stored, weight, entries = '0', 0, redis.call('ZCARD', names)
local known = redis.call('HGET', meta, key)
if known then
  local version, length, ends = string.match(known, '(%d+) (%d+) (%d+)')
  weight = #key + length
  if ends == '0' or tonumber(ends) > now then
    stored = version
  end
else
  entries = entries + 1
end
if expected ~= '-1' and expected ~= stored then
  return {'conflict', stored}
end
local bytes = tonumber(redis.call('HGET', state, 'bytes') or '0') - weight + #key + #value
if entries > tonumber(ARGV[5]) or bytes > tonumber(ARGV[6]) then
  return {'quota', string.format('%.0f', entries), string.format('%.0f', bytes)}
end

local last = tonumber(redis.call('HGET', state, 'last') or '0')
local version = string.format('%.0f', math.max(last + 1, time[1] * 1000000 + time[2]))
local ends = '0'
if life > 0 then
  ends = string.format('%.0f', now + life)
  redis.call('ZADD', expires, ends, key)
else
  redis.call('ZREM', expires, key)
end
redis.call('ZADD', names, 0, key)
redis.call('HSET', meta, key, version .. ' ' .. #value .. ' ' .. ends)
redis.call('HSET', values, key, value)
redis.call('HSET', state, 'last', version, 'bytes', string.format('%.0f', bytes))
redis.call('PERSIST', state) -- of a tenant that was dropped and is there again
return {'ok', version}
