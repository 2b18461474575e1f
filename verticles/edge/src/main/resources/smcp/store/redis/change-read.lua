-- ARGV: epoch should one begin, position, most. Answers {epoch, oldest, newest, position of the first change, {changes}} of one moment.
local epoch, newest = log_of(ARGV[1])
local oldest = newest - redis.call('LLEN', KEYS[2]) + 1
local from = math.min(math.max(oldest, tonumber(ARGV[2]) + 1), newest + 1)
local most = tonumber(ARGV[3])
local changes = {}
if most > 0 and from <= newest then
  changes = redis.call('LRANGE', KEYS[2], text(from - oldest), text(from - oldest + most - 1))
end
return {epoch, oldest, newest, from, changes}
