package smcp.peer;

import io.vertx.core.internal.ContextInternal;
import smcp.bus.Fault;
import smcp.contract.Call;
import smcp.contract.CallEvent;
import smcp.contract.CallSink;
import smcp.contract.TenantCall;

/** A modern call on another node. Its events pass on at once: the sink has its own bound. */
final class OutgoingCall extends Outgoing implements TenantCall.Running {
    private final Call call;
    private final CallSink sink;

    OutgoingCall(Carrier carrier, ContextInternal home, Call call, CallSink sink) {
        super(carrier, home, call.deadlineNanos());
        this.call = call;
        this.sink = sink;
    }

    @Override
    void frame(int kind, Fields fields) {
        switch (kind) {
            case Wire.RESULT -> {
                var result = new OutFields(fields);
                end(result, new CallEvent.Result(result.json()));
            }
            case Wire.BEGUN -> sink.accept(CallEvent.Begun.NOW);
            case Wire.NOTICE -> sink.accept(new OutFields(fields).notice());
            case Wire.CLOSE_STREAM -> sink.accept(new OutFields(fields).closeStream());
            case Wire.FAILED -> {
                var failed = new OutFields(fields);
                end(failed, new CallEvent.Failed(failed.code(), failed.message(), failed.data()));
            }
            case Wire.BROKEN -> {
                var broken = new OutFields(fields);
                end(broken, new CallEvent.Broken(broken.fault()));
            }
            default -> throw Wire.unknown(kind);
        }
    }

    private void end(OutFields last, CallEvent.End event) {
        finish();
        last.addTo(call.used());
        sink.accept(event);
    }

    @Override
    void broken(Fault fault) {
        sink.accept(new CallEvent.Broken(fault));
    }

    @Override
    boolean slow() {
        return false;
    }

    @Override
    boolean timed() {
        return true;
    }

    @Override
    public void cancel(String reason) {
        home.emit(_ -> cancel(Request.DROPPED));
    }
}
