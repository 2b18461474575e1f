package smcp.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import smcp.bus.RecordCodec;
import smcp.contract.Addresses;
import smcp.contract.ChangeFeed;
import smcp.contract.ChangeFeed.Heard;
import smcp.contract.ChangeLog;
import smcp.store.MemoryStores;
import smcp.tenant.TenantId;

@ExtendWith(VertxExtension.class)
class LogFeedTest {
    private static final TenantId ACME = new TenantId("acme");
    private final ChangeLog log = MemoryStores.open().changes();
    private final Held held = new Held(log);
    private Vertx vertx;
    private LogFeed feed;

    /** A log that can be told to keep an answer back. */
    private static final class Held implements ChangeLog {
        private final ChangeLog log;
        private volatile Promise<Void> gate = passed();
        private final List<Long> reads = new CopyOnWriteArrayList<>();

        Held(ChangeLog log) {
            this.log = log;
        }

        private static Promise<Void> passed() {
            var promise = Promise.<Void>promise();
            promise.complete();
            return promise;
        }

        @Override
        public Future<Long> append(TenantId tenant, Kind kind, String uri) {
            return log.append(tenant, kind, uri);
        }

        @Override
        public Future<Slice> read(TenantId tenant, long after, int most) {
            reads.add(after);
            var mine = gate;
            return log.read(tenant, after, most).compose(slice -> mine.future().map(slice));
        }

        @Override
        public Future<Void> drop(TenantId tenant) {
            return log.drop(tenant);
        }
    }

    @BeforeEach
    void start(Vertx given) throws TimeoutException {
        vertx = given;
        RecordCodec.install(vertx);
        feed = new LogFeed(held);
        var _ = vertx.deployVerticle(feed).await(5, TimeUnit.SECONDS);
    }

    private List<Long> listen(long after) throws TimeoutException {
        var heard = new CopyOnWriteArrayList<Long>();
        var _ = feed.subscribe(ACME, after, vertx.getOrCreateContext(), event -> {
                    switch (event) {
                        case Heard.Changes changes -> changes.changes().forEach(change -> heard.add(change.pos()));
                        case Heard.Gap gap -> heard.add(-gap.newest());
                    }
                })
                .await(5, TimeUnit.SECONDS);
        return heard;
    }

    private void change(int times) throws TimeoutException {
        for (var i = 0; i < times; i++) {
            var newest = log.append(ACME, ChangeLog.Kind.TOOLS, "").await(5, TimeUnit.SECONDS);
            Addresses.TENANT_CHANGED.publish(vertx, new Addresses.TenantChanged("acme", newest));
        }
    }

    @Test
    void everyListenerHearsEachChangeAfterItsPositionOnce() throws TimeoutException {
        change(10);
        var late = listen(7);
        var fresh = listen(ChangeFeed.NOW);
        change(3);
        Awaitility.await().untilAsserted(() -> {
            assertThat(late).containsExactly(8L, 9L, 10L, 11L, 12L, 13L);
            assertThat(fresh).containsExactly(11L, 12L, 13L);
        });
    }

    @Test
    void whoJoinsFromFurtherBackWhileTheLogIsBeingReadMissesNothing() throws TimeoutException {
        change(10);
        var first = listen(ChangeFeed.NOW);
        Awaitility.await().until(() -> held.reads.size() >= 2);
        var before = held.reads.size();
        var gate = Promise.<Void>promise();
        held.gate = gate;
        change(1);
        // the read from position 10 is under way and kept back
        Awaitility.await().until(() -> held.reads.size() > before);
        held.gate = Held.passed();
        var second = listen(4);
        gate.complete();
        Awaitility.await().untilAsserted(() -> {
            assertThat(first).containsExactly(11L);
            assertThat(second).containsExactly(5L, 6L, 7L, 8L, 9L, 10L, 11L);
        });
    }

    @Test
    void aLogThatBeganAnewIsAGap() throws TimeoutException {
        change(3);
        var heard = listen(ChangeFeed.NOW);
        var _ = log.drop(ACME).await(5, TimeUnit.SECONDS);
        change(1);
        Awaitility.await().untilAsserted(() -> assertThat(heard).containsExactly(-1L));
        change(1);
        Awaitility.await().untilAsserted(() -> assertThat(heard).containsExactly(-1L, 2L));
    }
}
