-- ARGV: epoch should one begin, most changes kept, change. Answers its position.
local _, newest = log_of(ARGV[1])
newest = newest + 1
redis.call('HSET', KEYS[1], 'newest', text(newest))
redis.call('RPUSH', KEYS[2], ARGV[3])
redis.call('LTRIM', KEYS[2], '-' .. ARGV[2], -1)
keep(KEYS[2], (clock()) + LIFE, DAY)
return newest
