-- KEYS: session. ARGV: stamp it must have, new stamp, record. Stamps are compared as text. Answers 1 if it was so.
if redis.call('HGET', KEYS[1], 'stamp') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'stamp', ARGV[2], 'record', ARGV[3])
return 1
