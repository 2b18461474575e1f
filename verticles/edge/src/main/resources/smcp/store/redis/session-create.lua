-- KEYS: session, sessions (index), marker. ARGV: entry's number and score, id, expiry, stamp, record.
-- Answers 1, 0 if there is one already, or the entry that is wanted first.
if redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
local ms = millis(ARGV[4])
local wanted = uncovered(KEYS[3], ms, tonumber(ARGV[1]), tonumber(ARGV[2]))
if wanted then
  return wanted
end
redis.call('HSET', KEYS[1], 'expires', ARGV[4], 'stamp', ARGV[5], 'record', ARGV[6])
redis.call('ZADD', KEYS[2], text(ms), ARGV[3])
keep(KEYS[1], after(ms), HOUR)
keep_index(KEYS[2], KEYS[3], after(ms))
return 1
