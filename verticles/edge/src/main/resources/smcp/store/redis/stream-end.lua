-- KEYS: stream, frames, streams (index), marker, the tenant's base. ARGV: entry's number and score, expiry, name as a child.
-- Answers 1, 0 if there is no such stream, or the entry that is wanted first.
if redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end
local ms = millis(ARGV[3])
local wanted = uncovered(KEYS[4], ms, tonumber(ARGV[1]), tonumber(ARGV[2]))
if wanted then
  return wanted
end
redis.call('HSET', KEYS[1], 'ended', '1', 'expires', ARGV[3])
redis.call('ZADD', KEYS[3], text(ms), ARGV[4])
rests(KEYS[5], ARGV[4])
ms = after(ms)
keep(KEYS[1], ms, 0)
keep(KEYS[2], ms, 0)
keep_index(KEYS[3], KEYS[4], ms)
return 1
