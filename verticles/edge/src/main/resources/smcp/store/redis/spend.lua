-- KEYS: spent, marker. ARGV: entry's number and score, milliseconds it must be known until (rounded up), id.
-- Answers 1 for the one who spent it, 0 if it was spent, or the entry that is wanted first.
if redis.call('ZSCORE', KEYS[1], ARGV[4]) then
  return 0
end
local ms = tonumber(ARGV[3])
local wanted = uncovered(KEYS[2], ms, tonumber(ARGV[1]), tonumber(ARGV[2]))
if wanted then
  return wanted
end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[4])
keep_index(KEYS[1], KEYS[2], after(ms))
return 1
