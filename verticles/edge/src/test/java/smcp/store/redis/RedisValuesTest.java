package smcp.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.store.Samples.get;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import smcp.contract.ValueStore;
import smcp.contract.ValueStore.Size;
import smcp.contract.ValueStore.Write;
import smcp.store.Samples;
import smcp.store.ValueStoreContract;
import smcp.store.redis.RedisConfig.Mode;
import smcp.tenant.TenantId;
import smcp.testing.RealRedis;

/** The contract on one server. */
class RedisValuesTest extends ValueStoreContract {
    private static final RealRedis.Server SERVER = RealRedis.standalone();
    private static final Vertx VERTX = Vertx.vertx();
    private final RedisConfig config = Prefixes.fresh(RedisConfig.of(Mode.STANDALONE, List.of(SERVER.address()), null));
    private final RedisLink link = get(RedisLink.open(VERTX, config));

    @BeforeAll
    static void begin() {
        assertThat(SERVER.cli("PING")).isEqualTo("PONG");
    }

    @AfterAll
    static void end() {
        get(VERTX.close());
        SERVER.close();
    }

    @Override
    protected ValueStore newStore() {
        return new RedisValues(link);
    }

    @Override
    protected void closeStore() {
        get(link.close());
    }

    /** The server is on this machine. */
    @Override
    protected Instant now() {
        return Instant.now();
    }

    @Override
    protected void pass(Duration time) {
        ValuesClock.forward(SERVER, config.prefix(), time);
    }

    @Test
    void nothingIsLeftOfATenantThatIsDroppedButItsLastVersion() {
        get(store.put(
                Samples.ACME, "a", Buffer.buffer("x"), new Write(ValueStore.ANY, Duration.ofDays(1), new Size(9, 9))));
        get(store.drop(Samples.ACME));
        var keys = SERVER.cli("KEYS", config.prefix() + ":{acme}:*");
        assertThat(keys).isEqualTo(config.prefix() + ":{acme}:kv:state");
        assertThat(Long.parseLong(SERVER.cli("TTL", keys))).isBetween(86_000L, 86_400L);
        assertThat(SERVER.cli("HKEYS", keys)).isEqualTo("last");
    }

    @Test
    void aListPassesManyExpiredKeysInBoundedSteps() {
        for (var i = 0; i < 30; i++) {
            get(store.put(
                    Samples.ACME,
                    "e" + i,
                    Buffer.buffer("x"),
                    new Write(ValueStore.ANY, Duration.ofMillis(1), new Size(99, 999))));
        }
        get(store.put(Samples.ACME, "f", Buffer.buffer("x"), new Write(ValueStore.ANY, null, new Size(99, 999))));
        pass(Duration.ofMillis(5));
        var page = get(store.list(Samples.ACME, "", null, 2));
        assertThat(page.keys()).extracting(ValueStore.Key::name).containsExactly("f");
        assertThat(page.next()).isNull();
    }

    @Test
    void aSweepGoesOnWhereTheLastOneStopped() {
        for (var i = 0; i < 300; i++) {
            get(store.put(
                    new TenantId("t" + i),
                    "k",
                    Buffer.buffer("x"),
                    new Write(ValueStore.ANY, Duration.ofMillis(1), new Size(9, 9))));
        }
        var later = Instant.now().plusSeconds(1);
        assertThat(get(store.sweep(later, 1_000))).isEqualTo(256);
        assertThat(get(store.sweep(later, 1_000))).isEqualTo(44);
        assertThat(get(store.sweep(later, 1_000))).isZero();
    }
}
