-- What the scripts of sessions and logs share; stands before each of them. Redis 7.0 (PEXPIRETIME; TIME before writes, since effects are replicated).
--
-- Instants come from the caller: 19 digits of nanoseconds, which compare as text as they do as numbers. As numbers they would not survive Lua, so what
-- is sorted by number (scores) is milliseconds, rounded down: a score is never later than the instant it stands for.
--
-- Whole keys also expire by themselves, by the server's clock and long after their instant. That is for the case that nobody sweeps any more or the
-- index lost an entry; what a caller sees expire, expires by the caller's clock.

local HOUR = 3600000
local DAY = 24 * HOUR
local TRUST = 600000

local function millis(instant)
  return tonumber(string.sub(instant, 1, 13))
end

-- A whole number below 2^53 as text; Lua alone would write 1e+15.
local function text(number)
  return string.format('%.0f', number)
end

local function clock()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000), tonumber(time[1]) * 1000000 + tonumber(time[2])
end

-- When a key that is needed until ms may go.
local function after(ms)
  return math.max(ms, (clock())) + HOUR
end

-- Keeps an existing key at least until ms. Written for longer than asked (slack), so that it is seldom written again.
local function keep(key, ms, slack)
  local is = redis.call('PEXPIRETIME', key)
  if is ~= -2 and is < ms then
    redis.call('PEXPIREAT', key, text(ms + slack))
  end
end

-- Keeps the index of a tenant and, longer than it, its marker.
local function keep_index(index, marker, ms)
  keep(index, ms, DAY)
  keep(marker, ms + 2 * DAY, DAY)
end

-- ---- the tenant's half of the index of tenants; the whole protocol and why it misses nothing: TenantIndex.java
--
-- A marker is a hash: live = number of the entry that stands for the tenant, claim = its score or less, top = highest number that was ever live or
-- burnt, trust = until when (server's clock) the entry is believed to be there without having been seen.

-- nil: something due at ms may be written. Otherwise nothing may, and the caller first puts the entry {number, score} into the index of tenants.
-- number, score: the entry that the caller did put there, or 0 and 0.
local function uncovered(marker, ms, number, score)
  local known = redis.call('HMGET', marker, 'claim', 'top', 'trust')
  local now, micros = clock()
  local claim = known[1] and tonumber(known[1])
  local top = known[2] and tonumber(known[2]) or 0
  local trust = known[3] and tonumber(known[3]) or 0
  if claim and claim <= ms and now < trust and trust <= now + TRUST then
    return nil
  end
  if number > top and score <= ms and (not claim or score <= claim) then
    redis.call('HSET', marker, 'live', text(number), 'claim', text(score), 'top', text(number), 'trust', text(now + TRUST))
    return nil
  end
  return {text(math.max(top + 1, micros)), text(math.min(ms, claim or ms))}
end

-- Somebody looks after the tenant because of the entry number. The earliest score of the index: the entry may be moved there. '' : the entry stands for
-- nothing and never will, it may be removed.
local function looked(marker, index, number)
  local known = redis.call('HMGET', marker, 'live', 'top')
  local live = known[1] and tonumber(known[1])
  local top = known[2] and tonumber(known[2]) or 0
  local now = clock()
  if live ~= number then
    if number > top then
      redis.call('HSET', marker, 'top', text(number))
      keep(marker, now + 2 * DAY, DAY)
    end
    return ''
  end
  local first = redis.call('ZRANGE', index, 0, 0, 'WITHSCORES')
  if #first == 0 then
    redis.call('HDEL', marker, 'live', 'claim')
    return ''
  end
  redis.call('HSET', marker, 'claim', first[2], 'trust', text(now + TRUST))
  return first[2]
end

-- ---- what belongs to a session. These names are made here from the tenant's base (prefix:{tenant}:), all in the tenant's slot: what a session owns is
-- known only here.

-- A child is named <bytes of the session id>:<session id>:<own id>, so that no two pairs of ids give one name.
local function child(session, id)
  return #session .. ':' .. session .. ':' .. id
end

local function parts(child_name)
  local digits = string.match(child_name, '^%d+')
  local from = #digits + 2
  local length = tonumber(digits)
  return string.sub(child_name, from, from + length - 1), string.sub(child_name, from + length + 1)
end

-- Which node runs the call of a stream: the stream says it, and running:<node> names the node's streams, so that it finds them when it comes back from
-- a kill. A stream is in there from its opening to its end, but not while its call waits for its client: then no node has anything to lose.

local function rests(base, name)
  local stream = base .. 'stream:' .. name
  local node = redis.call('HGET', stream, 'node')
  if node then
    redis.call('HDEL', stream, 'node')
    redis.call('ZREM', base .. 'running:' .. node, name)
  end
end

local function runs(base, name, node)
  local stream, running = base .. 'stream:' .. name, base .. 'running:' .. node
  rests(base, name)
  redis.call('HSET', stream, 'node', node)
  redis.call('ZADD', running, '0', name)
  keep(running, redis.call('PEXPIRETIME', stream), DAY)
end

local function drop_stream(base, name)
  rests(base, name)
  redis.call('UNLINK', base .. 'stream:' .. name, base .. 'frames:' .. name)
  redis.call('ZREM', base .. 'streams', name)
end

local function drop_exchange(base, name)
  redis.call('UNLINK', base .. 'exchange:' .. name)
  redis.call('ZREM', base .. 'exchanges', name)
end

-- Takes a session away, with at most 1,000 of its streams and exchanges at once, so that nobody waits long; true if that was all. Until then it stays
-- in the tenant's index, so that the sweep goes on should the caller not.
local function forget(base, session)
  redis.call('UNLINK', base .. 'session:' .. session)
  local owned = base .. 'owned:' .. session
  local some = redis.call('SPOP', owned, 1000)
  for _, member in ipairs(some) do
    local name = child(session, string.sub(member, 2))
    if string.sub(member, 1, 1) == 's' then
      drop_stream(base, name)
    else
      drop_exchange(base, name)
    end
  end
  if #some == 1000 and redis.call('EXISTS', owned) == 1 then
    return false
  end
  redis.call('ZREM', base .. 'sessions', session)
  return true
end
