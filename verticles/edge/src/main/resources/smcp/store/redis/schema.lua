-- Brings the schema from one version to the next, unless somebody else has done so.
-- KEYS meta; ARGV version found ('none' where nothing is), the next
if (redis.call('HGET', KEYS[1], 'schema') or 'none') == ARGV[1] then
  redis.call('HSET', KEYS[1], 'schema', ARGV[2])
end
return redis.call('HGET', KEYS[1], 'schema')
