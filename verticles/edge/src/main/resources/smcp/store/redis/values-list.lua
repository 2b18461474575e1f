-- Keys of a lexical range that have not expired. Looks at a bounded number of keys: a page may be short although there are more.
-- KEYS names meta; ARGV lower bound and upper bound as ZRANGEBYLEX has them, most
-- {'1' if there are more, key to go on after, then name and 'version length expiry' of each}
local from, to, most = ARGV[1], ARGV[2], tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local answer = {'0', ''}
local looked, CHUNK, PATIENCE = 0, most + 1, 20000
while true do
  local names = redis.call('ZRANGEBYLEX', KEYS[1], from, to, 'LIMIT', 0, CHUNK)
  for _, name in ipairs(names) do
    local known = redis.call('HGET', KEYS[2], name)
    local ends = string.match(known, '%d+ %d+ (%d+)')
    if ends == '0' or tonumber(ends) > now then
      if #answer == 2 + 2 * most then
        answer[1] = '1'
        return answer
      end
      answer[#answer + 1] = name
      answer[#answer + 1] = known
    end
    answer[2] = name
  end
  looked = looked + #names
  if #names < CHUNK then
    return answer
  end
  if looked >= PATIENCE then
    answer[1] = '1'
    return answer
  end
  from = '(' .. answer[2]
end
