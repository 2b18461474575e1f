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
import smcp.contract.Standing;
import smcp.protocol.Json;
import smcp.tenant.Principal;
import smcp.tenant.TenantId;

/** The open {@code subscriptions/listen} streams of one event loop. */
final class Listens {
    private final ChangeFeed feed;
    private final ModernConfig config;
    private final Map<TenantId, Set<Open>> open = new ConcurrentHashMap<>();

    private record Open(ListenStream stream, Principal principal, ContextInternal context) {}

    Listens(ChangeFeed feed, ModernConfig config) {
        this.feed = feed;
        this.config = config;
    }

    /** Opens a stream: subscribed first, acknowledged then, so that no change between the two is missed. */
    void open(Inbound inbound, Json id, Offer offer, Reply reply) {
        var filter = ListenFilter.of(inbound.message().params(), offer, config.urisPerSubscription());
        var tenant = inbound.tenant().id();
        if (open.getOrDefault(tenant, Set.of()).size() >= config.subscriptions()) {
            reply.failed(
                    id,
                    Kind.INTERNAL.rpcCode(),
                    "modern.subscriptions: this event loop already has " + config.subscriptions()
                            + " streams of this tenant",
                    null);
            return;
        }
        var principal = inbound.who().principal();
        // the stream outlives its request by hours: it must not hold on to the body
        var own = id.detached();
        var context = (ContextInternal) reply.context();
        var holder = new Holder();
        feed.subscribe(tenant, ChangeFeed.NOW, context, holder::hear)
                .onComplete(done -> context.execute(() -> {
                    if (done.failed()) {
                        reply.fault(own, Fault.from(done.cause()));
                        return;
                    }
                    var stream = new ListenStream(own, filter, reply.stream());
                    var entry = new Open(stream, principal, context);
                    add(tenant, entry);
                    reply.onGone(() -> {
                        remove(tenant, entry);
                        stream.close();
                    });
                    stream.acknowledge(done.result());
                    holder.hand(stream);
                }));
    }

    private void add(TenantId tenant, Open entry) {
        var _ = open.compute(tenant, (_, streams) -> {
            var all = streams == null ? ConcurrentHashMap.<Open>newKeySet() : streams;
            all.add(entry);
            return all;
        });
    }

    private void remove(TenantId tenant, Open entry) {
        var _ = open.computeIfPresent(tenant, (_, streams) -> {
            streams.remove(entry);
            return streams.isEmpty() ? null : streams;
        });
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

    /** Ends the streams of those who would not be let in any more. */
    void finishUnless(Standing standing) {
        open.forEach((tenant, streams) -> streams.forEach(entry -> {
            if (!standing.stands(tenant, entry.principal())) {
                remove(tenant, entry);
                finish(entry);
            }
        }));
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
