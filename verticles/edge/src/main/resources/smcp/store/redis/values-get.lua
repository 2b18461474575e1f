-- KEYS meta values; ARGV key
-- {version, expiry in ms or '0', value}, or {} if there is none
local known = redis.call('HGET', KEYS[1], ARGV[1])
if not known then
  return {}
end
local version, _, expires = string.match(known, '(%d+) (%d+) (%d+)')
local time = redis.call('TIME')
if expires ~= '0' and tonumber(expires) <= time[1] * 1000 + math.floor(time[2] / 1000) then
  return {}
end
return {version, expires, redis.call('HGET', KEYS[2], ARGV[1])}
