-- KEYS: exchange, exchanges (index), owned, the tenant's base. ARGV: stamp it must have, name as a child, own id, node that takes it and runs the call on.
-- Answers 1 for the one who took it.
local is = redis.call('HMGET', KEYS[1], 'stamp', 'stream')
if is[1] ~= ARGV[1] then
  return 0
end
redis.call('UNLINK', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('SREM', KEYS[3], 'x' .. ARGV[3])
if redis.call('HGET', KEYS[4] .. 'stream:' .. is[2], 'ended') == '0' then
  runs(KEYS[4], is[2], ARGV[4])
end
return 1
