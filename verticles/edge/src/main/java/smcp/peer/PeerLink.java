package smcp.peer;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.BlobStore;
import smcp.contract.Call;
import smcp.contract.CallEvent;
import smcp.contract.CallSink;
import smcp.contract.LegacyRequest;
import smcp.contract.Member;
import smcp.contract.Reply;
import smcp.contract.TenantCall;

/** The way to one run of one other node: a few lines, each of which keeps one connection. */
final class PeerLink implements TenantCall {
    final Vertx vertx;
    final HttpClientAgent client;
    final PeerConfig config;
    final Versions versions;
    final Member member;
    private final RoundTrip roundTrip = new RoundTrip();
    private final List<Line> lines = new ArrayList<>();
    private volatile String down = "there is no connection yet";

    PeerLink(
            Vertx vertx,
            HttpClientAgent client,
            PeerConfig config,
            Versions versions,
            int streams,
            Member member,
            Supplier<ContextInternal> loops) {
        this.vertx = vertx;
        this.client = client;
        this.config = config;
        this.versions = versions;
        this.member = member;
        for (var i = 0; i < config.connections(); i++) {
            lines.add(new Line(this, loops.get(), streams));
        }
    }

    /** Idempotent. */
    void open() {
        lines.forEach(Line::open);
    }

    void close(String why) {
        down = why;
        lines.forEach(line -> line.close(why));
    }

    RoundTrip roundTrip() {
        return roundTrip;
    }

    /** Why there is no connection, for who needs one. */
    void down(String why) {
        down = why;
    }

    @Override
    public Running start(Call call, CallSink sink) {
        var home = ContextInternal.current();
        var carrier = carrier();
        if (carrier == null) {
            sink.accept(new CallEvent.Broken(unreachable(down)));
            return Running.ENDED;
        }
        var outgoing = new OutgoingCall(carrier, isLoop(home) ? home : carrier.context, call, sink);
        outgoing.send(CallWriter.modern(call));
        return outgoing;
    }

    void serve(LegacyRequest request, @Nullable Reply reply, Consumer<Fault> lost) {
        var home = reply == null ? ContextInternal.current() : (ContextInternal) reply.context();
        var carrier = carrier();
        if (carrier == null) {
            lost.accept(unreachable(down));
            return;
        }
        var context = isLoop(home) ? home : carrier.context;
        var outgoing = new OutgoingLegacy(carrier, context, request.call(), reply, lost);
        outgoing.send(CallWriter.legacy(request, reply != null));
        if (reply != null) {
            outgoing.watch(reply);
        }
    }

    Future<Optional<BlobStore.Reading>> fetch(BlobStore.BlobKey key) {
        var home = ContextInternal.current();
        var carrier = carrier();
        return carrier == null
                ? Future.failedFuture(unreachable(down))
                : new OutgoingFetch(carrier, isLoop(home) ? home : carrier.context, key).send();
    }

    private static boolean isLoop(@Nullable ContextInternal context) {
        return context != null && context.isEventLoopContext();
    }

    Fault unreachable(String why) {
        return new Fault(Kind.NODE_UNREACHABLE, "node " + member.name() + " could not be reached: " + why);
    }

    Fault lost(String why) {
        return new Fault(Kind.NODE_LOST, "node " + member.name() + " was lost while it had the call: " + why);
    }

    /** A connection on the caller's own event loop, or else the one with fewer calls; null if there is none. */
    private @Nullable Carrier carrier() {
        Carrier best = null;
        for (var line : lines) {
            var carrier = line.carrier();
            if (carrier == null || carrier.full()) {
                continue;
            }
            if (carrier.context.nettyEventLoop().inEventLoop()) {
                return carrier;
            }
            if (best == null || carrier.calls() < best.calls()) {
                best = carrier;
            }
        }
        return best;
    }

    /** A pause that grows with each failure, and is never the same for all nodes that lost another at once. */
    long pauseMillis(int failures) {
        var longest = config.reconnectWithin().toMillis();
        var pause = Math.min(longest, 20L << Math.min(failures, 20));
        return Math.max(1, pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1));
    }
}
