-- KEYS: exchange, exchanges (index), marker, owned. ARGV: entry's number and score, deadline, name as a child, stamp it must have, new stamp, record.
-- Answers 1 if it was so, 0 if not, or the entry that is wanted first.
if redis.call('HGET', KEYS[1], 'stamp') ~= ARGV[5] then
  return 0
end
local ms = millis(ARGV[3])
local wanted = uncovered(KEYS[3], ms, tonumber(ARGV[1]), tonumber(ARGV[2]))
if wanted then
  return wanted
end
redis.call('HSET', KEYS[1], 'deadline', ARGV[3], 'stamp', ARGV[6], 'record', ARGV[7])
redis.call('ZADD', KEYS[2], text(ms), ARGV[4])
ms = after(ms)
keep(KEYS[1], ms, 0)
keep(KEYS[4], ms, DAY)
keep_index(KEYS[2], KEYS[3], ms)
return 1
