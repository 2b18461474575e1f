-- KEYS: stream, frames. ARGV: position, most, now. Answers {first, next, ended, {frames}} of one moment, or 0 if there is no such stream.
local is = redis.call('HMGET', KEYS[1], 'first', 'next', 'ended', 'expires')
if not is[4] or is[4] <= ARGV[3] then
  return 0
end
local first, next, most = tonumber(is[1]), tonumber(is[2]), tonumber(ARGV[2])
local from = math.max(0, tonumber(ARGV[1]) + 1 - first)
local frames = {}
if most > 0 and from < next - first then
  frames = redis.call('LRANGE', KEYS[2], text(from), text(from + most - 1))
end
return {first, next, tonumber(is[3]), frames}
