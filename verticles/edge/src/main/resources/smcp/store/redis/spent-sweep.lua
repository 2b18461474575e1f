-- KEYS: spent, marker. ARGV: entry's number, now, most.
-- Answers {1 if there is more to do now, where the entry may be moved, number of marks removed}.
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. text(millis(ARGV[2])), 'LIMIT', 0, tonumber(ARGV[3]))
if #ids > 0 then
  redis.call('ZREM', KEYS[1], unpack(ids))
end
return {#ids == tonumber(ARGV[3]) and 1 or 0, looked(KEYS[2], KEYS[1], tonumber(ARGV[1])), #ids}
