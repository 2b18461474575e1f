-- Writes records, all or none. A revision is the server's time in microseconds, or one more than the last where that is greater:
-- so none comes twice, not even if a failover lost the last ones.
-- KEYS live gone json log meta; ARGV schema, mark of this commit, entries of the log, tombstones kept, then path, expected revision and JSON ('' deletes) of each
-- ok: {'ok', revision}; otherwise {'conflict', index from 0, live revision} or {'schema', version found}
local live, gone, json, log, meta = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local schema = redis.call('HGET', meta, 'schema') or 'none'
if schema ~= ARGV[1] then
  return {'schema', schema}
end
for i = 5, #ARGV, 3 do
  local stored = redis.call('ZSCORE', live, ARGV[i]) or '0'
  if tonumber(stored) ~= tonumber(ARGV[i + 1]) then
    return {'conflict', tostring((i - 5) / 3), string.format('%.0f', stored)}
  end
end

local time = redis.call('TIME')
local last = tonumber(redis.call('HGET', meta, 'revision') or '0')
local revision = string.format('%.0f', math.max(last + 1, time[1] * 1000000 + time[2]))
-- first, because it is the only one that can fail: on a log that is ahead of its meta
redis.call('XADD', log, 'MAXLEN', '~', ARGV[3], revision .. '-0', 'mark', ARGV[2])
redis.call('HSET', meta, 'revision', revision, 'mark', ARGV[2])
for i = 5, #ARGV, 3 do
  local path, value = ARGV[i], ARGV[i + 2]
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

local over = redis.call('ZCARD', gone) - tonumber(ARGV[4])
if over > 0 then
  local newest = redis.call('ZRANGE', gone, over - 1, over - 1, 'WITHSCORES')
  redis.call('HSET', meta, 'floor', newest[2]) -- deletions up to here cannot be told any more
  redis.call('ZREMRANGEBYRANK', gone, 0, over - 1)
end
return {'ok', revision}
