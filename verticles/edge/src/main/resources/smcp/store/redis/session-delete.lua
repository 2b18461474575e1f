-- KEYS: the tenant's base, session. ARGV: id; 1 to go on with one that is half deleted. Further names: see forget.
-- Answers {1 if there was one, 1 if there is more to do}.
local was = redis.call('EXISTS', KEYS[2])
if was == 0 and ARGV[2] ~= '1' then
  return {0, 0}
end
return {was, forget(KEYS[1], ARGV[1]) and 0 or 1}
