package smcp.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import smcp.testing.RealRedis;

/** Lets time pass for the values on a server. Its clock cannot be moved, so their ends are: nothing has to be waited for, and nothing has to be done in time. */
final class ValuesClock {
    private static final String SHIFT = """
            local by = tonumber(ARGV[2])
            for _, key in ipairs(redis.call('KEYS', ARGV[1] .. ':{*}:kv:meta')) do
              local known = redis.call('HGETALL', key)
              local expires = string.gsub(key, 'meta$', 'expires')
              for i = 1, #known, 2 do
                local version, length, ends = string.match(known[i + 1], '(%d+) (%d+) (%d+)')
                if ends ~= '0' then
                  local earlier = string.format('%.0f', ends - by)
                  redis.call('HSET', key, known[i], version .. ' ' .. length .. ' ' .. earlier)
                  redis.call('ZADD', expires, earlier, known[i])
                end
              end
            end
            return 'shifted'
            """;

    private ValuesClock() {}

    static void forward(RealRedis.Server server, String prefix, Duration time) {
        assertThat(server.cli("EVAL", SHIFT, "0", prefix, Long.toString(time.toMillis())))
                .isEqualTo("shifted");
    }
}
