-- Takes a tenant out of those that were noted, unless somebody noted it lately. KEYS noted tenants; ARGV tenant, noted before (ms)
local noted = redis.call('ZSCORE', KEYS[1], ARGV[1])
if noted and tonumber(noted) < tonumber(ARGV[2]) then
  return redis.call('ZREM', KEYS[1], ARGV[1])
end
return 0
