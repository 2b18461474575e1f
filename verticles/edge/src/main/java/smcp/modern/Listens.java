package smcp.modern;

import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.ChangeFeed;
import smcp.contract.Inbound;
import smcp.contract.Offer;
import smcp.contract.Reply;
import smcp.protocol.Json;
import smcp.tenant.TenantId;

/** The open {@code subscriptions/listen} streams of this node. */
final class Listens {
    private final ChangeFeed feed;
    private final ModernConfig config;
    private final Map<TenantId, Set<Open>> open = new ConcurrentHashMap<>();

    private record Open(ListenStream stream, ContextInternal context) {}

    Listens(ChangeFeed feed, ModernConfig config) {
        this.feed = feed;
        this.config = config;
    }

    /** Opens a stream: subscribed first, acknowledged then, so that no change between the two is missed. */
    void open(Inbound inbound, Json id, Offer offer, Reply reply) {
        var filter = ListenFilter.of(inbound.message().params(), offer, config.urisPerSubscription());
        var tenant = inbound.tenant().id();
        var streams = open.computeIfAbsent(tenant, _ -> ConcurrentHashMap.newKeySet());
        if (streams.size() >= config.subscriptions()) {
            reply.failed(
                    id,
                    Kind.INTERNAL.rpcCode(),
                    "modern.subscriptions: this node already has " + config.subscriptions() + " streams of this tenant",
                    null);
            return;
        }
        var context = (ContextInternal) reply.context();
        var holder = new Holder();
        feed.subscribe(tenant, ChangeFeed.NOW, context, holder::hear)
                .onComplete(done -> context.execute(() -> {
                    if (done.failed()) {
                        reply.fault(id, Fault.from(done.cause()));
                        return;
                    }
                    var stream = new ListenStream(id, filter, reply.stream());
                    var entry = new Open(stream, context);
                    streams.add(entry);
                    reply.onGone(() -> {
                        streams.remove(entry);
                        stream.close();
                    });
                    stream.acknowledge(done.result());
                    holder.hand(stream);
                }));
    }

    /** Keeps what is heard between subscribing and the acknowledgement. Confined to the reply's context. */
    private static final class Holder {
        private @Nullable ListenStream stream;
        private final List<ChangeFeed.Heard> early = new ArrayList<>(0);

        void hear(ChangeFeed.Heard heard) {
            if (stream == null) {
                early.add(heard);
            } else {
                stream.hear(heard);
            }
        }

        void hand(ListenStream to) {
            stream = to;
            early.forEach(to::hear);
            early.clear();
        }
    }

    /** Ends the streams of a tenant that is not served any more. */
    void finish(TenantId tenant) {
        var streams = open.remove(tenant);
        if (streams != null) {
            streams.forEach(Listens::finish);
        }
    }

    /** Ends all streams: the node drains. */
    void finishAll() {
        open.keySet().forEach(this::finish);
    }

    int count() {
        return open.values().stream().mapToInt(Set::size).sum();
    }

    private static void finish(Open entry) {
        entry.context().execute(entry.stream()::finish);
    }
}
