package smcp.session;

import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import smcp.contract.LegacyHost;
import smcp.contract.LegacyRequest;
import smcp.contract.Patience;
import smcp.contract.Reply;

/** Executes legacy calls on this node, whichever node their clients are connected to: a call stays on the event loop of its reply. Thread-safe. */
public final class LegacyHosts implements LegacyHost {
    private final Vertx vertx;
    private final LegacySteps steps;
    private final LegacyState shared;
    /** One for each event loop: the list of calls that wait is confined to one. */
    private final Map<EventLoop, LegacyCalls> loops = new ConcurrentHashMap<>();

    /** @param shared what all event loops of a node share */
    public LegacyHosts(Vertx vertx, LegacySteps steps, LegacyState shared) {
        this.vertx = vertx;
        this.steps = steps;
        this.shared = shared;
    }

    @Override
    public void serve(LegacyRequest request, @Nullable Reply reply) {
        var context = (ContextInternal) (reply == null ? vertx.getOrCreateContext() : reply.context());
        on(context).serve(request, reply, context);
    }

    /** Called on {@code context}. */
    LegacyCalls on(ContextInternal context) {
        var calls = loops.get(context.nettyEventLoop());
        return calls == null ? loops.computeIfAbsent(context.nettyEventLoop(), _ -> make()) : calls;
    }

    private LegacyCalls make() {
        return new LegacyCalls(
                vertx, steps, shared, new Patience(vertx, shared.config().streamAfter()));
    }
}
