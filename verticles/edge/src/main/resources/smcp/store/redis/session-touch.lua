-- KEYS: session, sessions (index), marker. ARGV: now, expiry. Answers 1 if the expiry moved.
-- The index keeps the earlier instant and is set right when the sweep comes by, which is once in an idle time and not at each touch.
local is = redis.call('HGET', KEYS[1], 'expires')
if not is or is <= ARGV[1] or is >= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], 'expires', ARGV[2])
local ms = after(millis(ARGV[2]))
keep(KEYS[1], ms, HOUR)
keep_index(KEYS[2], KEYS[3], ms)
return 1
