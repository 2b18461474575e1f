-- KEYS: stream, frames, streams (index), marker, owned, the tenant's base. ARGV: entry's number and score, expiry, name as a child, own id, request,
-- node that runs the call.
-- Answers 1, or the entry that is wanted first. Opened again, a stream only lives longer; the index is set right by the sweep.
local ms = millis(ARGV[3])
local is = redis.call('HGET', KEYS[1], 'expires')
if is and is >= ARGV[3] then
  return 1
end
if not is then
  local wanted = uncovered(KEYS[4], ms, tonumber(ARGV[1]), tonumber(ARGV[2]))
  if wanted then
    return wanted
  end
  redis.call('HSET', KEYS[1], 'first', '0', 'next', '0', 'bytes', '0', 'ended', '0', 'request', ARGV[6])
  redis.call('ZADD', KEYS[3], text(ms), ARGV[4])
  redis.call('SADD', KEYS[5], 's' .. ARGV[5])
end
redis.call('HSET', KEYS[1], 'expires', ARGV[3])
ms = after(ms)
keep(KEYS[1], ms, 0)
keep(KEYS[2], ms, 0)
keep(KEYS[5], ms, DAY)
keep_index(KEYS[3], KEYS[4], ms)
if not is then
  runs(KEYS[6], ARGV[4], ARGV[7])
end
return 1
