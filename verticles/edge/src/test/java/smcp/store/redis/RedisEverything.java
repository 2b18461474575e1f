package smcp.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.store.Samples.ACME;
import static smcp.store.Samples.T0;
import static smcp.store.Samples.exchange;
import static smcp.store.Samples.get;
import static smcp.store.Samples.session;
import static smcp.store.Samples.withStamp;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import smcp.contract.ChangeLog.Kind;
import smcp.contract.EventLog.StreamKey;
import smcp.contract.SessionStore.SessionKey;
import smcp.contract.ValueStore;
import smcp.contract.ValueStore.Size;
import smcp.contract.ValueStore.Write;
import smcp.protocol.Json;
import smcp.store.RegistryStore.Change;
import smcp.store.State;

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
        use(backend.state());
        for (var way : backend.health()) {
            get(way.probe());
            assertThat(way.trouble()).isNull();
        }
    }

    private static void use(State state) {
        var session = session(ACME, "s");
        var key = new SessionKey(ACME, "s");
        get(state.sessions().create(session, T0));
        get(state.sessions().find(ACME, "s", Instant.EPOCH));
        get(state.sessions().replace(session.withLogLevel("\"info\"")));
        get(state.sessions().touch(ACME, "s", Instant.EPOCH, T0.plusSeconds(1)));
        get(state.sessions().count(ACME));
        for (var id : List.of("deleted", "swept")) {
            var stream = new StreamKey(ACME, id, "x");
            get(state.sessions().create(session(ACME, id), T0));
            get(state.events().open(stream, "1", T0.plusSeconds(9)));
            // more than is kept
            get(state.events().append(stream, 0, Collections.nCopies(2_000, Json.of("{}"))));
            get(state.events().read(stream, -1, 9, Instant.EPOCH));
            get(state.events().unended(null, 9));
            get(state.events().end(stream, T0));
            get(state.exchanges().create(new SessionKey(ACME, id), exchange("e", T0)));
        }
        get(state.sessions().delete(ACME, "deleted"));
        get(state.events().sweep(T0.plusSeconds(2)));
        get(state.exchanges().create(key, exchange("e", T0)));
        get(state.exchanges().find(key, "e"));
        get(state.exchanges().replace(key, withStamp(exchange("e", T0), 2, T0)));
        get(state.exchanges().due(T0.plusSeconds(2), 9));
        get(state.exchanges().take(key, "e", 2));
        get(state.sessions().sweep(T0.plusSeconds(2), 9));
        get(state.spent().spend(ACME, "once", T0));
        get(state.spent().sweep(T0.plusSeconds(2)));
        get(state.changes().append(ACME, Kind.TOOLS, ""));
        get(state.changes().read(ACME, 0, 9));
        get(state.changes().drop(ACME));
    }
}
