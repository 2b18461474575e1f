package smcp.peer;

import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Reply;
import smcp.peer.Wire.Out;
import smcp.protocol.Json;

/** A reply whose connection is on another node: what is done with it goes there, as fast as it is taken. Confined to the stream's context. */
final class RemoteReply implements Reply, Reply.EventStream {
    private static final Logger log = LoggerFactory.getLogger(RemoteReply.class);

    private final Outlet outlet;
    private final ContextInternal context = ContextInternal.current();
    private @Nullable FrameWriter headers;
    private @Nullable Runnable gone;
    private boolean answered;
    private boolean left;

    RemoteReply(Outlet outlet) {
        this.outlet = outlet;
        outlet.onGone(this::left);
    }

    private void left() {
        answered = true;
        left = true;
        var task = gone;
        gone = null;
        if (task != null) {
            task.run();
        }
    }

    @Override
    public Context context() {
        return context;
    }

    @Override
    public void header(String name, String value) {
        if (!answered) {
            headers = begin(Wire.REPLY_HEADER, name.length() + value.length())
                    .put(Out.NAME, name)
                    .put(Out.VALUE, value)
                    .end();
        }
    }

    @Override
    public void result(Json id, Json result) {
        if (!answered) {
            answer(begin(Wire.REPLY_RESULT, id.length() + result.length())
                    .put(Out.ID, id)
                    .end(Out.JSON, result));
        }
    }

    @Override
    public void failed(Json id, int code, String message, @Nullable Json data) {
        if (!answered) {
            answer(begin(Wire.REPLY_FAILED, id.length() + message.length())
                    .put(Out.ID, id)
                    .put(Out.CODE, code)
                    .put(Out.MESSAGE, message)
                    .putIfAny(Out.DATA, data)
                    .end());
        }
    }

    @Override
    public void fault(@Nullable Json id, Fault fault) {
        if (fault.kind() == Kind.INTERNAL) {
            log.atError().setCause(fault).log("a legacy call of another node broke the edge");
        }
        if (!answered) {
            answer(EventWriter.fault(
                            begin(Wire.REPLY_FAULT, fault.message().length()).putIfAny(Out.ID, id), fault)
                    .end());
        }
    }

    @Override
    public void accepted() {
        if (!answered) {
            answer(begin(Wire.REPLY_ACCEPTED, 0).end());
        }
    }

    @Override
    public void done() {
        if (!answered) {
            answer(begin(Wire.REPLY_DONE, 0).end());
        }
    }

    private FrameWriter begin(int kind, int length) {
        var out = headers;
        headers = null;
        return (out == null ? new FrameWriter(EventWriter.SMALL + Math.min(length, 8 << 10)) : out).begin(kind);
    }

    private void answer(FrameWriter frames) {
        answered = true;
        outlet.end(frames.buffer());
    }

    @Override
    public EventStream stream() {
        if (!answered) {
            answered = true;
            var _ = outlet.write(begin(Wire.REPLY_STREAM, 0).end().buffer());
        }
        return this;
    }

    @Override
    public void onGone(Runnable task) {
        gone = task;
        if (left) {
            left();
        }
    }

    @Override
    public void event(@Nullable String id, @Nullable Json data) {
        var out = begin(Wire.REPLY_EVENT, data == null ? 0 : data.length()).putIfAny(Out.EVENT_ID, id);
        write(data == null ? out.end() : out.end(Out.JSON, data));
    }

    @Override
    public void retry(long millis) {
        write(begin(Wire.REPLY_RETRY, 0).put(Out.MILLIS, millis).end());
    }

    private void write(FrameWriter frames) {
        if (!outlet.write(frames.buffer())) {
            cut();
        }
    }

    @Override
    public boolean full() {
        return outlet.full();
    }

    @Override
    public void onDrain(Runnable drained) {
        outlet.onDrain(drained);
    }

    @Override
    public void end() {
        outlet.end(begin(Wire.REPLY_END, 0).end().buffer());
    }

    @Override
    public void cut() {
        outlet.end(begin(Wire.REPLY_CUT, 0).end().buffer());
    }
}
