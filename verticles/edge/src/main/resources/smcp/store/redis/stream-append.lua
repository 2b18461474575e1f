-- KEYS: stream, frames. ARGV: sequence number of the first frame, most frames, most bytes, frames ...
-- Answers 0, -1 if the stream is gone, -2 if it has ended, {next} if there is a gap.
local is = redis.call('HMGET', KEYS[1], 'first', 'next', 'bytes', 'ended')
if not is[2] then
  return -1
end
local first, next, bytes = tonumber(is[1]), tonumber(is[2]), tonumber(is[3])
local seq = tonumber(ARGV[1])
if seq > next then
  return {next}
end
local fresh = 4 + next - seq -- what stands before is known
if fresh > #ARGV then
  return 0
end
if is[4] == '1' then
  return -2
end
local began = next == 0
for from = fresh, #ARGV, 1000 do -- Lua's stack is bounded
  redis.call('RPUSH', KEYS[2], unpack(ARGV, from, math.min(from + 999, #ARGV)))
end
for i = fresh, #ARGV do
  bytes = bytes + #ARGV[i]
  next = next + 1
end
while next - first > 1 and (next - first > tonumber(ARGV[2]) or bytes > tonumber(ARGV[3])) do
  bytes = bytes - #redis.call('LPOP', KEYS[2])
  first = first + 1
end
redis.call('HSET', KEYS[1], 'first', text(first), 'next', text(next), 'bytes', text(bytes))
if began then
  redis.call('PEXPIREAT', KEYS[2], text(redis.call('PEXPIRETIME', KEYS[1])))
end
return 0
