package smcp.peer;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Call;
import smcp.contract.CallEvent;
import smcp.contract.CallSink;
import smcp.contract.TenantCall;
import smcp.peer.PeerVerticle.Serving;

/** A call of another node that is executed here. Engine threads call {@link #accept} and write the frames; all else happens on the stream's context. */
final class IncomingCall implements CallSink {
    private static final Logger log = LoggerFactory.getLogger(IncomingCall.class);

    private final Call call;
    private final Serving serving;
    private final Outlet outlet;
    private final ContextInternal context = ContextInternal.current();
    private TenantCall.@Nullable Running running;
    private @Nullable String cancelled;
    private boolean spoke;

    IncomingCall(HttpServerRequest request, Call call, Serving serving) {
        this.call = call;
        this.serving = serving;
        this.outlet = new Outlet(request.response(), serving.config().maxQueuedBytes());
    }

    void start() {
        outlet.onGone(this::gone);
        var begun = serving.here().start(call, this);
        running = begun;
        if (cancelled != null) {
            begun.cancel(cancelled);
        }
    }

    @Override
    public void accept(CallEvent event) {
        switch (event) {
            case CallEvent.Begun _ -> context.execute(this, serving.lingering()::add);
            case CallEvent.Notice _, CallEvent.CloseStream _ ->
                context.execute(EventWriter.event(event, call.used()), this::more);
            case CallEvent.Broken broken
            when broken.fault().kind() == Kind.INTERNAL -> {
                log.atError()
                        .addKeyValue("tenant", call.version())
                        .setCause(broken.fault())
                        .log("a call of another node broke the edge");
                context.execute(EventWriter.event(event, call.used()), this::last);
            }
            case CallEvent.End _ -> context.execute(EventWriter.event(event, call.used()), this::last);
        }
    }

    /** Nothing has come since the call began: now its node is told that it has. */
    void lingered() {
        if (!spoke) {
            more(EventWriter.begun());
        }
    }

    private void more(Buffer frames) {
        spoke = true;
        if (!outlet.write(frames)) {
            cancel("the other node does not take what the call says");
            outlet.end(EventWriter.broken(
                    new Fault(
                            Kind.LIMIT,
                            "the call said more than the nodes could pass on; peer.maxQueuedBytes ("
                                    + serving.config().maxQueuedBytes() + ") waited already"),
                    call.used()));
        }
    }

    private void last(Buffer frames) {
        spoke = true;
        outlet.end(frames);
    }

    private void gone() {
        spoke = true;
        cancel("the node that sent the call has cancelled it, or is gone");
    }

    private void cancel(String reason) {
        cancelled = reason;
        var begun = running;
        if (begun != null) {
            begun.cancel(reason);
        }
    }
}
