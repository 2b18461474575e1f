package smcp.store;

import static smcp.store.Samples.ACME;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.get;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.ValueStore;
import smcp.contract.ValueStore.Size;
import smcp.contract.ValueStore.Write;
import smcp.tenant.TenantId;
import smcp.testing.TestClock;
import smcp.vault.Sealing;
import smcp.vault.VaultConfig;

/** The contract over values that are sealed on their way to a store in memory. */
@ExtendWith(VertxExtension.class)
class SealedValueStoreTest extends ValueStoreContract {
    private static final int OVERHEAD = 37;
    private static Sealing sealing;

    private final TestClock clock = new TestClock();

    @BeforeAll
    static void tenants(Vertx vertx, @TempDir Path directory) throws IOException {
        var registry = get(StoredRegistry.open(new MemoryRegistryStore()));
        for (var name : List.of("acme", "other", "acme-1", "acme-11")) {
            var id = new TenantId(name);
            get(registry.commit(List.of(RegistryWrite.create(RegistryKey.tenant(id), Samples.tenant(name, 0)))));
        }
        sealing = Sealing.open(vertx, registry, VaultConfig.DEFAULT, directory, Map.of(), new TestClock());
    }

    @Override
    protected ValueStore newStore() {
        return sealing.over(new MemoryValueStore(clock));
    }

    @Override
    protected void closeStore() {
        // nothing to close
    }

    @Override
    protected Instant now() {
        return clock.instant();
    }

    @Override
    protected void pass(Duration time) {
        clock.forward(time);
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
