-- KEYS: exchange, exchanges (index), owned. ARGV: stamp it must have, name as a child, own id. Answers 1 for the one who took it.
if redis.call('HGET', KEYS[1], 'stamp') ~= ARGV[1] then
  return 0
end
redis.call('UNLINK', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('SREM', KEYS[3], 'x' .. ARGV[3])
return 1
