-- KEYS names state; {entries, bytes}
return {redis.call('ZCARD', KEYS[1]), redis.call('HGET', KEYS[2], 'bytes') or '0'}
