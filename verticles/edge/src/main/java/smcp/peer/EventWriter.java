package smcp.peer;

import io.vertx.core.buffer.Buffer;
import smcp.bus.Fault;
import smcp.contract.CallEvent;
import smcp.contract.Usage;
import smcp.peer.Wire.Out;
import smcp.protocol.Json;

/** What becomes of a call, as frames. */
final class EventWriter {
    static final int SMALL = 64;

    private EventWriter() {}

    static Buffer begun() {
        return new FrameWriter(Wire.HEADER).begin(Wire.BEGUN).end().buffer();
    }

    /** @param used goes back with the end, for the node that accounts the call */
    static Buffer event(CallEvent event, Usage used) {
        return switch (event) {
            case CallEvent.Begun _ -> begun();
            case CallEvent.Notice notice ->
                writer(notice.params().length())
                        .begin(Wire.NOTICE)
                        .put(Out.METHOD, notice.method())
                        .end(Out.JSON, notice.params())
                        .buffer();
            case CallEvent.CloseStream close ->
                writer(0)
                        .begin(Wire.CLOSE_STREAM)
                        .put(Out.MILLIS, close.retry().toMillis())
                        .end()
                        .buffer();
            case CallEvent.Result result ->
                used(writer(result.result().length()).begin(Wire.RESULT), used)
                        .end(Out.JSON, result.result())
                        .buffer();
            case CallEvent.Failed failed ->
                used(writer(failed.message().length()).begin(Wire.FAILED), used)
                        .put(Out.CODE, failed.code())
                        .put(Out.MESSAGE, failed.message())
                        .putIfAny(Out.DATA, failed.data())
                        .end()
                        .buffer();
            case CallEvent.Broken broken -> broken(broken.fault(), used);
        };
    }

    static Buffer broken(Fault fault, Usage used) {
        return fault(used(writer(fault.message().length()).begin(Wire.BROKEN), used), fault)
                .end()
                .buffer();
    }

    static FrameWriter fault(FrameWriter out, Fault fault) {
        var data = fault.dataJson();
        return out.put(Out.CODE, fault.kind().busCode())
                .put(Out.MESSAGE, fault.message())
                .putIfAny(Out.DATA, data == null ? null : Json.of(data));
    }

    private static FrameWriter writer(int json) {
        return new FrameWriter(SMALL + Math.min(json, 8 << 10));
    }

    private static FrameWriter used(FrameWriter out, Usage used) {
        return out.putUnlessZero(Out.CPU_MILLIS, used.cpuMillis())
                .putUnlessZero(Out.RESPONSE_BYTES, used.responseBytes())
                .putUnlessZero(Out.NOTICES, used.notices())
                .putUnlessZero(Out.SUB_REQUESTS, used.subRequests());
    }
}
