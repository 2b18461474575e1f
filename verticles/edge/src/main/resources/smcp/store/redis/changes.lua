-- What reading and writing of a change log share; stands before both. KEYS: log, entries.
--
-- A log is bound to one history of writes, which Redis names by its replication id: every start of a server and every promotion of a replica makes a
-- new one. What was lost was lost in such a moment, and only then. Another history than that of the last look: a new epoch, and positions go on far
-- beyond all that can have been given. See RedisChanges.java.
local LEAP = 1048576

-- A log that nobody has read or written for so long goes by itself (a tenant that was deleted); should it be wanted again, it begins a new epoch.
local LIFE = 30 * DAY

local function history()
  return string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
end

-- The epoch and the newest position. epoch: the one to begin with, should one begin.
local function log_of(epoch)
  local is = redis.call('HMGET', KEYS[1], 'epoch', 'newest', 'history')
  local now = history()
  if is[3] == now then
    keep(KEYS[1], (clock()) + LIFE, DAY)
    keep(KEYS[2], (clock()) + LIFE, DAY)
    return is[1], tonumber(is[2])
  end
  local newest = is[2] and tonumber(is[2]) + LEAP or 0
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'newest', text(newest), 'history', now)
  redis.call('UNLINK', KEYS[2])
  keep(KEYS[1], (clock()) + LIFE, DAY)
  return epoch, newest
end
