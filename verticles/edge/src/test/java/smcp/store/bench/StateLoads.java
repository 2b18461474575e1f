package smcp.store.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import smcp.contract.EventLog.StreamKey;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.SessionRecord;
import smcp.contract.ValueStore;
import smcp.protocol.Json;
import smcp.store.Stores;
import smcp.tenant.SealingKey;
import smcp.tenant.TenantId;
import smcp.tenant.VersionRef;

/** What is done on stores of state through their interfaces, whatever they are. */
final class StateLoads {
    static final TenantId TENANT = new TenantId("bench");
    static final int KEYS = 1_000;
    static final int VALUE_BYTES = 1_024;
    static final int FRAME_BYTES = 300;

    private static final ValueStore.Write WRITE =
            new ValueStore.Write(ValueStore.ANY, null, new ValueStore.Size(1_000_000, 1L << 40));

    private final Vertx vertx;
    private final Stores stores;
    private final AtomicLong numbers = new AtomicLong();
    private final String run = UUID.randomUUID().toString().substring(0, 8);

    StateLoads(Vertx vertx, Stores stores) {
        this.vertx = vertx;
        this.stores = stores;
    }

    static String key(long n) {
        return "key-" + n % KEYS;
    }

    static byte[] value(long n) {
        var bytes = new byte[VALUE_BYTES];
        for (var i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (n * 31 + i * 7L);
        }
        return bytes;
    }

    /** A new record of the registry, durable. */
    Load commits(int callers) {
        return Load.async(vertx, callers, _ -> {
            var id = new TenantId("t" + run + "-" + numbers.getAndIncrement());
            return stores.registry()
                    .commit(List.of(
                            RegistryWrite.create(RegistryKey.sealingKey(id), new SealingKey(id, "x".repeat(200)))));
        });
    }

    Load puts(int callers) {
        return puts(stores.values(), callers);
    }

    Load puts(ValueStore values, int callers) {
        return Load.async(vertx, callers, n -> values.put(TENANT, key(n), Buffer.buffer(value(n)), WRITE));
    }

    Load gets(int callers) {
        return gets(stores.values(), callers);
    }

    Load gets(ValueStore values, int callers) {
        return Load.async(vertx, callers, n -> values.get(TENANT, key(n)).map(Optional::orElseThrow));
    }

    void fill() throws TimeoutException {
        for (var n = 0; n < KEYS; n++) {
            var _ = stores.values()
                    .put(TENANT, key(n), Buffer.buffer(value(n)), WRITE)
                    .await(10, TimeUnit.SECONDS);
        }
    }

    Load sessions(int callers) {
        return Load.async(vertx, callers, _ -> {
            var session = new SessionRecord(
                    run + "-" + numbers.getAndIncrement(),
                    new VersionRef(TENANT, 1),
                    "client:bench",
                    "2025-11-25",
                    "{}",
                    "{\"name\":\"bench\",\"version\":\"1\"}",
                    null,
                    Map.of(),
                    0,
                    Instant.EPOCH,
                    0);
            return stores.sessions().create(session, Instant.now().plusSeconds(600));
        });
    }

    /** One frame to one of {@code callers} streams, each with one writer. */
    Load frames(int callers) throws TimeoutException {
        var streams = new StreamKey[callers];
        var next = new long[callers];
        for (var i = 0; i < callers; i++) {
            streams[i] = new StreamKey(TENANT, "s", run + "-" + callers + "-" + i);
            stores.events().open(streams[i], "1", Instant.MAX).await(10, TimeUnit.SECONDS);
        }
        var frame = List.of(Json.of("\"" + "f".repeat(FRAME_BYTES - 2) + "\""));
        var turns = new ArrayDeque<Integer>();
        for (var i = 0; i < callers; i++) {
            turns.add(i);
        }
        // whoever is free writes to the stream that is free: there is one writer of each
        return Load.async(vertx, callers, _ -> {
            var mine = turns.remove();
            return stores.events().append(streams[mine], next[mine]++, frame).onComplete(_ -> turns.add(mine));
        });
    }
}
