package smcp.modern;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import smcp.contract.ChangeFeed;
import smcp.tenant.TenantId;
import smcp.testing.McpWire;
import smcp.testing.TestEdge;

/** What a subscription leaves behind. */
class ListensTest {
    /** A feed whose subscriptions take as long as a test says. */
    private static final class SlowFeed implements ChangeFeed {
        private final Promise<Void> asked = Promise.promise();
        private final Promise<Subscription> made = Promise.promise();
        private final AtomicBoolean cancelled = new AtomicBoolean();

        @Override
        public Future<Subscription> subscribe(
                TenantId tenant, long after, Context listening, Consumer<Heard> listener) {
            asked.complete();
            return made.future();
        }

        void subscribed() {
            made.complete(new Subscription() {
                @Override
                public String epoch() {
                    return "e";
                }

                @Override
                public long from() {
                    return 0;
                }

                @Override
                public void cancel() {
                    cancelled.set(true);
                }
            });
        }
    }

    @Test
    void aClientThatLeavesWhileItIsBeingSubscribedLeavesNothingBehind() throws TimeoutException {
        var feed = new SlowFeed();
        try (var edge = TestEdge.start(settings -> settings.withFeed(feed))) {
            var exchange = edge.wire()
                    .modern("subscriptions/listen", null)
                    .open("POST", McpWire.modernBody("1", "subscriptions/listen", "\"notifications\":{}"));
            var _ = feed.asked.future().await(5, TimeUnit.SECONDS);
            exchange.cut();
            // the loop that serves the connection has heard of its end when it has answered what came later
            assertThat(edge.wire().ask("tools/list", null, "").status()).isEqualTo(200);
            assertThat(edge.wire().ask("tools/list", null, "").status()).isEqualTo(200);
            feed.subscribed();
            Awaitility.await().untilTrue(feed.cancelled);
            Awaitility.await().until(() -> edge.listening() == 0);
        }
    }
}
