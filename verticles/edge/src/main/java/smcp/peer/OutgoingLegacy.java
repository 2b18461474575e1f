package smcp.peer;

import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.contract.Call;
import smcp.contract.Reply;

/** A legacy call that another node executes. What that node does with its reply is done here with the client's; its stream stands still while the client does. */
final class OutgoingLegacy extends Outgoing {
    private final @Nullable Reply reply;
    private final Consumer<Fault> lost;
    /** They are set when it is clear that there is an answer: before, the call may still go elsewhere. */
    private @Nullable List<OutFields> headers;

    private Reply.@Nullable EventStream stream;
    private boolean draining;

    OutgoingLegacy(Carrier carrier, ContextInternal home, Call call, @Nullable Reply reply, Consumer<Fault> lost) {
        super(carrier, home, call.deadlineNanos());
        this.reply = reply;
        this.lost = lost;
    }

    /** The client's going away ends the stream between the nodes, and nothing else. Called when the request is sent: that leaves in any case. */
    void watch(Reply connection) {
        connection.onGone(() -> cancel(Request.WHOLE));
    }

    @Override
    void frame(int kind, Fields fields) {
        if (reply == null) {
            if (kind == Wire.TAKEN) {
                finish();
            } else {
                throw Wire.unknown(kind);
            }
            return;
        }
        var open = stream;
        if (open == null) {
            answer(kind, new OutFields(fields), reply);
        } else {
            streamed(kind, new OutFields(fields), open);
        }
    }

    private void answer(int kind, OutFields in, Reply to) {
        switch (kind) {
            case Wire.REPLY_HEADER -> {
                if (headers == null) {
                    headers = new ArrayList<>();
                }
                if (headers.size() == 64) {
                    throw new Malformed("more than 64 headers");
                }
                headers.add(in);
            }
            case Wire.REPLY_RESULT -> {
                end(to);
                to.result(in.id(), in.json());
            }
            case Wire.REPLY_FAILED -> {
                end(to);
                to.failed(in.id(), in.code(), in.message(), in.data());
            }
            case Wire.REPLY_FAULT -> {
                end(to);
                to.fault(in.idIfAny(), in.fault());
            }
            case Wire.REPLY_ACCEPTED -> {
                end(to);
                to.accepted();
            }
            case Wire.REPLY_DONE -> {
                end(to);
                to.done();
            }
            case Wire.REPLY_STREAM -> {
                putHeaders(to);
                stream = to.stream();
            }
            // ended without an answer: its client has gone there
            case Wire.REPLY_END, Wire.REPLY_CUT -> {
                end(to);
                to.stream().cut();
            }
            default -> throw Wire.unknown(kind);
        }
    }

    private void end(Reply to) {
        finish();
        putHeaders(to);
    }

    private void putHeaders(Reply to) {
        if (headers != null) {
            headers.forEach(header -> to.header(header.name(), header.value()));
            headers = null;
        }
    }

    private void streamed(int kind, OutFields in, Reply.EventStream open) {
        switch (kind) {
            case Wire.REPLY_EVENT -> open.event(in.eventId(), in.jsonIfAny());
            case Wire.REPLY_RETRY -> open.retry(in.millis());
            case Wire.REPLY_END -> {
                finish();
                open.end();
            }
            case Wire.REPLY_CUT -> {
                finish();
                open.cut();
            }
            default -> throw Wire.unknown(kind);
        }
    }

    @Override
    void broken(Fault fault) {
        if (stream == null) {
            lost.accept(fault);
        } else {
            stream.cut();
        }
    }

    @Override
    boolean slow() {
        var open = stream;
        if (open == null || !open.full()) {
            return false;
        }
        if (!draining) {
            draining = true;
            open.onDrain(() -> {
                draining = false;
                resume();
            });
        }
        return true;
    }

    /** From its first frame on a stream may wait for its client for as long as a client may be waited for. */
    @Override
    boolean timed() {
        return stream == null;
    }
}
