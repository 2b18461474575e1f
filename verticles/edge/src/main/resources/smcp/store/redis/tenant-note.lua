-- KEYS noted tenants; ARGV tenant, now (ms), how long the whole set is kept without another note (ms; 0: for ever)
redis.call('ZADD', KEYS[1], 'GT', ARGV[2], ARGV[1])
if ARGV[3] ~= '0' then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return 1
