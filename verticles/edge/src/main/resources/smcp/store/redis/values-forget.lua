-- Takes a tenant out of those that are swept, unless somebody announced it lately. KEYS mortal; ARGV tenant, announced before (ms)
local announced = redis.call('ZSCORE', KEYS[1], ARGV[1])
if announced and tonumber(announced) < tonumber(ARGV[2]) then
  return redis.call('ZREM', KEYS[1], ARGV[1])
end
return 0
