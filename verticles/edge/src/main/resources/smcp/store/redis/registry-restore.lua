-- Puts records and tombstones with the revisions they had, in the place of what is at their paths; whole commits, oldest first.
-- KEYS live gone json log meta; ARGV schema, mark, revision below which none is given any more, then path, revision and JSON ('' for a tombstone) of each
-- ok: {'ok', newest revision}; otherwise {'schema', version found}
local live, gone, json, log, meta = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local schema = redis.call('HGET', meta, 'schema') or 'none'
if schema ~= ARGV[1] then
  return {'schema', schema}
end
local last = redis.call('HGET', meta, 'revision') or '0'
local newest = tonumber(ARGV[3]) > tonumber(last) and ARGV[3] or last
for i = 4, #ARGV, 3 do
  if tonumber(ARGV[i + 1]) > tonumber(newest) then
    newest = ARGV[i + 1]
  end
end
if newest ~= last then
  redis.call('XADD', log, newest .. '-0', 'mark', ARGV[2])
  redis.call('HSET', meta, 'revision', newest, 'mark', ARGV[2])
end
for i = 4, #ARGV, 3 do
  local path, revision, value = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if value == '' then
    redis.call('ZREM', live, path)
    redis.call('HDEL', json, path)
    redis.call('ZADD', gone, revision, path)
  else
    redis.call('ZADD', live, revision, path)
    redis.call('HSET', json, path, value)
    redis.call('ZREM', gone, path)
  end
end
return {'ok', newest}
