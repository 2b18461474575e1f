package smcp.store.redis;

import static smcp.store.Samples.ACME;
import static smcp.store.Samples.get;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import smcp.contract.ValueStore;
import smcp.contract.ValueStore.Size;
import smcp.contract.ValueStore.Write;
import smcp.protocol.Json;
import smcp.store.RegistryStore.Change;

/** One use of each operation. */
final class RedisEverything {
    private RedisEverything() {}

    static void use(RedisBackend backend) {
        get(backend.registry().open(_ -> {}));
        get(backend.registry().commit(List.of(new Change("a", 0, Json.of("1")))));
        var values = backend.values();
        get(values.put(
                ACME, "k", Buffer.buffer("v"), new Write(ValueStore.ABSENT, Duration.ofDays(1), new Size(9, 99))));
        get(values.get(ACME, "k"));
        get(values.list(ACME, "", null, 9));
        get(values.size(ACME));
        get(values.sweep(Instant.now().plus(Duration.ofDays(2)), 9));
        get(values.delete(ACME, "k", ValueStore.ANY));
        get(values.drop(ACME));
    }
}
