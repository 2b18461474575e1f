package smcp.vault;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import smcp.bus.Fault;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.ValueStore;
import smcp.contract.ValueStore.Size;
import smcp.contract.ValueStore.Write;
import smcp.control.testing.MemoryRegistry;
import smcp.tenant.Limits;
import smcp.tenant.Tenant;
import smcp.tenant.TenantId;
import smcp.tenant.Trust;
import smcp.testing.MemoryBlobs;
import smcp.testing.TestClock;
import smcp.vault.VaultConfig.Source;

/** One set of keys over stores in memory, restarted at will. */
final class Rig {
    static final TenantId SHOP = new TenantId("shop");
    static final TenantId OTHER = new TenantId("other");
    static final Write WRITE = new Write(ValueStore.ANY, null, new Size(1_000_000, 1L << 40));

    final Vertx vertx;
    final Path directory;
    final Registry registry;
    final TestClock clock = new TestClock();
    final MapValues rawValues = new MapValues();
    final MemoryBlobs rawBlobs;

    Sealing sealing;
    ValueStore values;
    SealedBlobs blobs;

    Rig(Vertx vertx, Path directory) throws IOException {
        this(vertx, directory, new MemoryRegistry(), config(true, false, 1_000_000));
    }

    Rig(Vertx vertx, Path directory, Registry registry, VaultConfig config) throws IOException {
        this.vertx = vertx;
        this.directory = directory;
        this.registry = registry;
        this.rawBlobs = new MemoryBlobs(10_007);
        for (var id : List.of(SHOP, OTHER)) {
            if (registry.get(RegistryKey.tenant(id)) == null) {
                await(registry.commit(List.of(RegistryWrite.create(RegistryKey.tenant(id), tenant(id)))));
            }
        }
        restart(config);
    }

    static Tenant tenant(TenantId id) {
        return new Tenant(id, false, Trust.UNTRUSTED, Limits.Wish.NONE, List.of(), 0, Instant.EPOCH);
    }

    static VaultConfig config(boolean seal, boolean acceptUnsealed, int perSecond) {
        return new VaultConfig(
                Source.FILE,
                null,
                "UNUSED",
                List.of(),
                Duration.ofSeconds(1),
                seal,
                seal,
                acceptUnsealed,
                perSecond,
                Duration.ZERO);
    }

    /** What a node that starts now would have. */
    @CanIgnoreReturnValue
    Rig restart(VaultConfig config) throws IOException {
        sealing = Sealing.open(vertx, registry, config, directory, Map.of(), clock);
        values = sealing.over(rawValues);
        blobs = (SealedBlobs) sealing.over(rawBlobs);
        return this;
    }

    void put(String key, String value) {
        await(values.put(SHOP, key, Buffer.buffer(value), WRITE));
    }

    String get(String key) {
        return await(values.get(SHOP, key)).orElseThrow().content().toString();
    }

    @CanIgnoreReturnValue
    static <T> T await(Future<T> future) {
        try {
            return future.await(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within ten seconds", e);
        }
    }

    @CanIgnoreReturnValue
    static AbstractThrowableAssert<?, ? extends Throwable> assertFault(Future<?> future, Fault.Kind kind) {
        return Assertions.assertThatThrownBy(() -> await(future))
                .isInstanceOfSatisfying(
                        Fault.class,
                        fault -> Assertions.assertThat(fault.kind()).isEqualTo(kind));
    }
}
