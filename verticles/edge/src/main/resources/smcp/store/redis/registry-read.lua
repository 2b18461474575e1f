-- Records and tombstones above a revision, oldest first, whole commits only; a commit has at most 1,000 records, so a page always holds one.
-- KEYS live gone json log meta; ARGV schema, revision to begin above, revision and mark of a commit known to have been there ('0' if none is known), bytes of a page
-- ok: {'ok', newest revision, its mark, '1' if there is more, last revision of this page, then path, revision and JSON ('' for a tombstone) of each};
-- {'lost'}: the history is another one, or too long ago; {'schema', version found}
local live, gone, json, log, meta = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local PAGE = 2000
local schema = redis.call('HGET', meta, 'schema') or 'none'
if schema ~= ARGV[1] then
  return {'schema', schema}
end
local after, witness, mark, budget = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local newest, newest_mark = redis.call('HGET', meta, 'revision') or '0', redis.call('HGET', meta, 'mark') or ''
if witness ~= '0' then
  if newest ~= witness or newest_mark ~= mark then
    local entry = redis.call('XRANGE', log, witness .. '-0', witness .. '-0')[1]
    if not entry or entry[2][2] ~= mark then
      return {'lost'}
    end
  end
  if tonumber(witness) < tonumber(redis.call('HGET', meta, 'floor') or '0') then
    return {'lost'}
  end
end

local function above(index)
  return redis.call('ZRANGEBYSCORE', index, '(' .. after, '+inf', 'WITHSCORES', 'LIMIT', 0, PAGE)
end
local lists = {above(live), above(gone)}
-- what a full list does not show may belong to its last commit, or to one before the other list's last
local horizon = math.huge
for _, list in ipairs(lists) do
  if #list == 2 * PAGE then
    horizon = math.min(horizon, tonumber(list[#list]))
  end
end

local answer = {'ok', newest, newest_mark, '0', after}
local at = {1, 1}
local bytes, current = 0, nil
while true do
  local from
  for which = 1, 2 do
    local score = lists[which][at[which] + 1]
    if score and (not from or tonumber(score) < tonumber(lists[from][at[from] + 1])) then
      from = which
    end
  end
  if not from then
    break
  end
  local path, revision = lists[from][at[from]], lists[from][at[from] + 1]
  if revision ~= current and (bytes >= budget or tonumber(revision) >= horizon) then
    answer[4] = '1'
    break
  end
  current = revision
  local value = from == 1 and redis.call('HGET', json, path) or ''
  bytes = bytes + #path + #value
  answer[#answer + 1] = path
  answer[#answer + 1] = revision
  answer[#answer + 1] = value
  at[from] = at[from] + 2
end
if current then
  answer[5] = current
end
return answer
