-- KEYS: exchange, exchanges (index), marker, owned, the tenant's base. ARGV: entry's number and score, deadline, name as a child, own id, stamp, record,
-- its stream's name as a child.
-- Answers 1, 0 if there is one already, or the entry that is wanted first.
if redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
local ms = millis(ARGV[3])
local wanted = uncovered(KEYS[3], ms, tonumber(ARGV[1]), tonumber(ARGV[2]))
if wanted then
  return wanted
end
redis.call('HSET', KEYS[1], 'deadline', ARGV[3], 'stamp', ARGV[6], 'record', ARGV[7], 'stream', ARGV[8])
redis.call('ZADD', KEYS[2], text(ms), ARGV[4])
redis.call('SADD', KEYS[4], 'x' .. ARGV[5])
rests(KEYS[5], ARGV[8])
ms = after(ms)
keep(KEYS[1], ms, 0)
keep(KEYS[4], ms, DAY)
keep_index(KEYS[2], KEYS[3], ms)
return 1
