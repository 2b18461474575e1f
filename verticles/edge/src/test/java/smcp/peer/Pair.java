package smcp.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import smcp.contract.Call;
import smcp.contract.CallSink;
import smcp.contract.LegacyHost;
import smcp.contract.LegacyRequest;
import smcp.contract.Member;
import smcp.contract.Reply;
import smcp.contract.TenantCall;

/** Two nodes, as far as the link between them goes: each has its own Vert.x, and real sockets are between them. The test is the tenant. */
final class Pair implements AutoCloseable {
    static final PeerConfig QUICK = new PeerConfig(
            "127.0.0.1",
            0,
            1,
            null,
            2,
            Duration.ofSeconds(1),
            Duration.ofMillis(100),
            Duration.ofMillis(600),
            Duration.ofMillis(100),
            32 << 20,
            1 << 20);

    /** A call that has arrived. */
    static final class Arrived implements TenantCall.Running {
        final Call call;
        final CallSink sink;
        final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();

        Arrived(Call call, CallSink sink) {
            this.call = call;
            this.sink = sink;
        }

        @Override
        public void cancel(String reason) {
            cancelled.add(reason);
        }
    }

    /** A legacy round that has arrived. */
    record Round(LegacyRequest request, @Nullable Reply reply) {}

    final Vertx near = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    final Vertx far = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    final BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>();
    final BlockingQueue<Round> rounds = new LinkedBlockingQueue<>();
    volatile TenantCall tenant = (call, sink) -> {
        var it = new Arrived(call, sink);
        arrived.add(it);
        return it;
    };
    volatile LegacyHost host = (request, reply) -> rounds.add(new Round(request, reply));
    final PeerServer server;
    final PeerLinks links;

    Pair() {
        this(QUICK, QUICK, Versions.OURS, Versions.OURS);
    }

    /** @param streams after which a connection is replaced */
    Pair(int streams) {
        this(QUICK, QUICK, Versions.OURS, Versions.OURS, streams);
    }

    Pair(PeerConfig nearConfig, PeerConfig farConfig, Versions nearVersions, Versions farVersions) {
        this(nearConfig, farConfig, nearVersions, farVersions, Line.STREAMS_OF_A_CONNECTION);
    }

    private Pair(
            PeerConfig nearConfig, PeerConfig farConfig, Versions nearVersions, Versions farVersions, int streams) {
        server = await(PeerServer.listen(
                far,
                farConfig,
                "run-1",
                farVersions,
                (call, sink) -> tenant.start(call, sink),
                _ -> (request, reply) -> host.serve(request, reply)));
        links = PeerLinks.open(near, nearConfig, nearVersions, streams);
    }

    @CanIgnoreReturnValue
    static <T> T await(Future<T> future) {
        try {
            return future.await(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    static Member member(String run, int port) {
        return new Member("00000000000000aa", run, "far", "local", "a", "127.0.0.1", port, "1");
    }

    Member far() {
        return member("run-1", server.port());
    }

    /** Links to {@code member}, and waits until the link is there. */
    TenantCall linked(Member member) {
        links.joined(member);
        Awaitility.await().until(() -> links.roundTripNanos(member).isPresent());
        return links.on(member);
    }

    @CanIgnoreReturnValue
    TenantCall linked() {
        return linked(far());
    }

    @CanIgnoreReturnValue
    Arrived arrival() {
        return next(arrived);
    }

    static <T> T next(BlockingQueue<T> queue) {
        try {
            var it = queue.poll(10, TimeUnit.SECONDS);
            assertThat(it).as("nothing came within 10 s").isNotNull();
            return it;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        await(Future.join(List.of(near.close(), far.close())));
    }
}
