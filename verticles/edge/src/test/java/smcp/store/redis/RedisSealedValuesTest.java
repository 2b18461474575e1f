package smcp.store.redis;

import static smcp.store.Samples.ACME;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.get;
import static smcp.store.Samples.tenant;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.ValueStore;
import smcp.contract.ValueStore.Size;
import smcp.contract.ValueStore.Write;
import smcp.control.testing.MemoryRegistry;
import smcp.store.ValueStoreContract;
import smcp.store.redis.RedisConfig.Mode;
import smcp.tenant.TenantId;
import smcp.testing.RealRedis;
import smcp.testing.TestClock;
import smcp.vault.Sealing;
import smcp.vault.VaultConfig;

/** The contract over values that are sealed on their way to a server. */
class RedisSealedValuesTest extends ValueStoreContract {
    private static final int OVERHEAD = 37;
    private static final RealRedis.Server SERVER = RealRedis.standalone();
    private static final Vertx VERTX = Vertx.vertx();
    private static Sealing sealing;

    private final RedisConfig config = Prefixes.fresh(RedisConfig.of(Mode.STANDALONE, List.of(SERVER.address()), null));
    private final RedisLink link = get(RedisLink.open(VERTX, config));

    @BeforeAll
    static void tenants(@TempDir Path directory) throws IOException {
        var registry = new MemoryRegistry();
        for (var name : List.of("acme", "other", "acme-1", "acme-11")) {
            get(registry.commit(
                    List.of(RegistryWrite.create(RegistryKey.tenant(new TenantId(name)), tenant(name, 0)))));
        }
        sealing = Sealing.open(VERTX, registry, VaultConfig.DEFAULT, directory, Map.of(), new TestClock());
    }

    @AfterAll
    static void end() {
        sealing.close();
        get(VERTX.close());
        SERVER.close();
    }

    @Override
    protected ValueStore newStore() {
        return sealing.over(new RedisValues(link));
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

    @Override
    protected int longest() {
        return ValueStore.LONGEST_VALUE;
    }

    @Override
    protected int overhead() {
        return OVERHEAD;
    }

    /** As stored, that is: each value with what sealing adds. */
    @Test
    @Override
    protected void theQuotaOfBytesCountsKeysAndValuesAndWhatIsReplacedNoMore() {
        var most = new Write(ValueStore.ANY, null, new Size(9, 10 + OVERHEAD));
        get(store.put(ACME, "é", Buffer.buffer("12345678"), most));
        assertFault(store.put(ACME, "é", Buffer.buffer("123456789"), most), Fault.Kind.QUOTA)
                .hasMessageContaining("48");
        get(store.put(ACME, "é", Buffer.buffer("87654321"), most));
    }
}
