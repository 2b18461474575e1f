package smcp.session;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.testing.McpWire.notification;
import static smcp.testing.McpWire.request;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import smcp.bus.Fault;
import smcp.contract.ChangeLog;
import smcp.contract.EventLog;
import smcp.contract.Exchange;
import smcp.contract.ExchangeStore;
import smcp.contract.SessionRecord;
import smcp.contract.SessionStore;
import smcp.protocol.Json;
import smcp.store.MemoryStores;
import smcp.tenant.TenantId;
import smcp.testing.Gate;
import smcp.testing.McpWire;
import smcp.testing.TestEdge;

/** What happens between two steps of a store: each answer is held back until the other side has moved. */
class RacesTest {
    private static final String ASKING =
            "{\"resultType\":\"input_required\",\"inputRequests\":{\"a\":{\"method\":\"roots/list\"}}}";
    private final Gate creating = new Gate();
    private final Gate taking = new Gate();
    private final Gate finding = new Gate();
    private volatile boolean broken;
    private TestEdge edge;
    private McpWire session;

    @BeforeEach
    void start() {
        edge = TestEdge.start(settings -> settings.withStores(stores -> new MemoryStores(
                new Sessions(stores.sessions()),
                new Events(stores.events()),
                stores.changes(),
                new Exchanges(stores.exchanges()),
                stores.spent())));
        session = edge.wire().session();
    }

    @AfterEach
    void stop() {
        edge.close();
    }

    private McpWire.Exchange call() {
        return session.open("POST", request("7", "tools/call", "\"name\":\"echo\""));
    }

    private void cancel() {
        assertThat(session.post(notification("notifications/cancelled", "\"requestId\":7"))
                        .status())
                .isEqualTo(202);
    }

    @Test
    void aCallThatIsCancelledWhileItsQuestionIsBeingStoredAsksNothing() {
        creating.shut();
        try (var stream = call()) {
            edge.tenant.next().result(ASKING);
            Awaitility.await().until(() -> creating.held() == 1);
            cancel();
            creating.open();
            assertThat(stream.rest())
                    .filteredOn(event -> !event.data().isEmpty())
                    .isEmpty();
        }
        assertThat(edge.legacy.calls()).isZero();
    }

    @Test
    void aSessionThatEndsWhileAQuestionIsBeingStoredLeavesNoCallBehind() {
        creating.shut();
        try (var stream = call()) {
            edge.tenant.next().result(ASKING);
            Awaitility.await().until(() -> creating.held() == 1);
            assertThat(session.delete().status()).isEqualTo(200);
            creating.open();
            assertThat(stream.rest())
                    .filteredOn(event -> event.data().contains("roots/list"))
                    .isEmpty();
        }
        assertThat(edge.legacy.calls()).isZero();
    }

    @Test
    void ofTwoLastAnswersOneGoesOnWithTheCall() {
        try (var stream = call()) {
            edge.tenant.next().result(ASKING);
            var answer =
                    "{\"jsonrpc\":\"2.0\",\"id\":" + stream.message().json().path("id") + ",\"result\":{\"roots\":[]}}";
            taking.shut();
            try (var one = session.open("POST", answer);
                    var two = session.open("POST", answer)) {
                Awaitility.await().until(() -> taking.held() == 2);
                taking.open();
                assertThat(one.answer().status()).isEqualTo(202);
                assertThat(two.answer().status()).isEqualTo(202);
            }
            edge.tenant.next().result("{\"content\":[]}");
            assertThat(stream.message().json().has("result")).isTrue();
            assertThat(edge.tenant.untouched()).isTrue();
        }
    }

    @Test
    void aSessionThatEndsWhileItIsLookedUpDoesNotComeBack() {
        // the lease of a millisecond is over by now or soon, so that this look-up reaches the store
        finding.shut();
        Awaitility.await().until(() -> {
            var _ = session.open("POST", notification("notifications/x", ""));
            return finding.held() > 0;
        });
        assertThat(edge.stores
                        .sessions()
                        .delete(new TenantId(TestEdge.OPEN), session.sessionId())
                        .succeeded())
                .isTrue();
        edge.legacy.sessions().forget(new SessionStore.SessionKey(new TenantId(TestEdge.OPEN), session.sessionId()));
        finding.open();
        assertThat(session.post(request("1", "ping", "")).status()).isEqualTo(404);
    }

    @Test
    void aStreamWhoseLogCannotBeWrittenIsCutAndItsCallEnds() {
        try (var stream = call()) {
            var tenant = edge.tenant.next().progress(1);
            assertThat(stream.next().data()).isEmpty();
            broken = true;
            tenant.progress(2);
            Awaitility.await().until(tenant::isCancelled);
            assertThat(stream.endsAbruptly()).isTrue();
        }
        assertThat(edge.legacy.calls()).isZero();
    }

    @Test
    void aGetStreamWhoseSessionCannotBeLookedUpIsCutSoThatItsClientComesBack() {
        try (var stream = session.open("GET", "")) {
            assertThat(stream.next().data()).isEmpty();
            broken = true;
            Awaitility.await().until(() -> {
                edge.changed(TestEdge.OPEN, ChangeLog.Kind.TOOLS, "");
                return edge.legacy.streams() == 0;
            });
            assertThat(stream.endsAbruptly()).isTrue();
        }
    }

    private <T> Future<T> unlessBroken(Future<T> answer) {
        return broken ? Future.failedFuture(new Fault(Fault.Kind.STORE_UNAVAILABLE, "the store is away")) : answer;
    }

    private final class Sessions implements SessionStore {
        private final SessionStore store;

        Sessions(SessionStore store) {
            this.store = store;
        }

        @Override
        public Future<Void> create(SessionRecord made, Instant expires) {
            return store.create(made, expires);
        }

        @Override
        public Future<Optional<SessionRecord>> find(TenantId tenant, String id, Instant now) {
            return unlessBroken(finding.pass(store.find(tenant, id, now)));
        }

        @Override
        public Future<Boolean> replace(SessionRecord next) {
            return store.replace(next);
        }

        @Override
        public Future<Void> touch(TenantId tenant, String id, Instant now, Instant expires) {
            return store.touch(tenant, id, now, expires);
        }

        @Override
        public Future<Boolean> delete(TenantId tenant, String id) {
            return store.delete(tenant, id);
        }

        @Override
        public Future<List<SessionKey>> sweep(Instant now, int most) {
            return store.sweep(now, most);
        }

        @Override
        public Future<Integer> count(TenantId tenant) {
            return store.count(tenant);
        }
    }

    private final class Events implements EventLog {
        private final EventLog log;

        Events(EventLog log) {
            this.log = log;
        }

        @Override
        public Future<Void> open(StreamKey stream, String request, Instant expires) {
            return log.open(stream, request, expires);
        }

        @Override
        public Future<Void> append(StreamKey stream, long seq, List<Json> frames) {
            return unlessBroken(log.append(stream, seq, frames));
        }

        @Override
        public Future<Void> end(StreamKey stream, Instant expires) {
            return log.end(stream, expires);
        }

        @Override
        public Future<Optional<Slice>> read(StreamKey stream, long after, int most, Instant now) {
            return log.read(stream, after, most, now);
        }

        @Override
        public Future<List<Unended>> unended(@Nullable String node, int most) {
            return log.unended(node, most);
        }

        @Override
        public Future<Integer> sweep(Instant now) {
            return log.sweep(now);
        }
    }

    private final class Exchanges implements ExchangeStore {
        private final ExchangeStore store;

        Exchanges(ExchangeStore store) {
            this.store = store;
        }

        @Override
        public Future<Void> create(SessionStore.SessionKey key, Exchange exchange) {
            return creating.pass(store.create(key, exchange));
        }

        @Override
        public Future<Optional<Exchange>> find(SessionStore.SessionKey key, String id) {
            return taking.pass(store.find(key, id));
        }

        @Override
        public Future<Boolean> replace(SessionStore.SessionKey key, Exchange next) {
            return store.replace(key, next);
        }

        @Override
        public Future<Boolean> take(SessionStore.SessionKey key, String id, long stamp) {
            return store.take(key, id, stamp);
        }

        @Override
        public Future<List<Due>> due(Instant now, int most) {
            return store.due(now, most);
        }
    }
}
