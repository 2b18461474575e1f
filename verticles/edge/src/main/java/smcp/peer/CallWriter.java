package smcp.peer;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import smcp.contract.Call;
import smcp.contract.LegacyRequest;
import smcp.peer.Wire.In;
import smcp.protocol.Json;
import smcp.tenant.Principal;

/** A call as one frame. Its JSON goes over as it stands; params, the largest part, last. */
final class CallWriter {
    /** What a call has beside its JSON, roughly. */
    private static final int AROUND = 256;

    private CallWriter() {}

    static Buffer modern(Call call) {
        var out = new FrameWriter(size(call)).begin(Wire.CALL);
        put(out, call);
        return out.end(In.PARAMS, call.params()).buffer();
    }

    /** @param answered is there a connection that waits for the answer? */
    static Buffer legacy(LegacyRequest request, boolean answered) {
        var out = new FrameWriter(size(request.call())).begin(Wire.LEGACY);
        put(out, request.call());
        out.put(In.REQUEST_ID, request.requestId())
                .put(In.SESSION_TENANT, request.session().tenant().value())
                .put(In.SESSION, request.session().id());
        if (!answered) {
            out.put(In.NO_REPLY);
        }
        var resumed = request.resumed();
        if (resumed != null) {
            var chain = resumed.chain();
            out.put(In.STREAM, resumed.stream())
                    .put(In.NEXT_SEQ, resumed.nextSeq())
                    .put(In.CHAIN_TENANT, chain.version().tenant().value())
                    .put(In.CHAIN_NUMBER, chain.version().number())
                    .put(In.CHAIN_ROUND, chain.round())
                    .put(In.CHAIN_ISSUED, chain.issuedEpochSecond())
                    .put(In.CHAIN_ID, chain.id())
                    .putIfAny(In.CHAIN_STATE, chain.state());
        }
        return out.end(In.PARAMS, request.call().params()).buffer();
    }

    private static int size(Call call) {
        var size = AROUND
                + call.name().length()
                + call.client().capabilities().length()
                + Math.min(call.params().length(), 8 << 10);
        return size + (call.inputResponses() == null ? 0 : call.inputResponses().length());
    }

    private static void put(FrameWriter out, Call call) {
        out.put(In.TENANT, call.version().tenant().value())
                .put(In.NUMBER, call.version().number());
        switch (call.principal()) {
            case Principal.Anonymous _ -> out.put(In.ANONYMOUS);
            case Principal.OfClient of -> out.put(In.CLIENT, of.client().value());
        }
        for (var tool : call.permissions().tools()) {
            out.put(In.TOOL, tool);
        }
        var client = call.client();
        out.put(In.REVISION, client.revision().id())
                .put(In.CAPABILITIES, client.capabilities())
                .putIfAny(In.INFO, client.info())
                .putIfAny(In.LOG_LEVEL, client.logLevel())
                .put(In.METHOD, call.method().wire())
                .put(In.NAME, call.name());
        for (var meta : call.foreignMeta()) {
            out.put(In.META, meta);
        }
        arguments(out, call.params(), call.arguments());
        out.putIfAny(In.PROGRESS_TOKEN, call.progressToken())
                .putIfAny(In.ANSWERS, call.inputResponses())
                .putIfAny(In.STATE, call.tenantState());
        var trace = call.trace();
        out.putIfAny(In.TRACE, trace == null ? null : trace.traceparent())
                .put(In.REMAINING, call.deadlineNanos() - System.nanoTime())
                .putUnlessZero(In.ATTEMPTS, call.used().attempts());
    }

    /** Nearly always they stand in the params, and need not be sent twice. */
    @SuppressWarnings("ReferenceEquality") // the same array, not the same bytes
    private static void arguments(FrameWriter out, Json params, @Nullable Json arguments) {
        if (arguments == null) {
            return;
        }
        if (arguments.bytes() == params.bytes() && arguments.from() >= params.from() && arguments.to() <= params.to()) {
            out.putRange(In.ARGUMENTS_AT, arguments.from() - params.from(), arguments.to() - params.from());
        } else {
            out.put(In.ARGUMENTS, arguments);
        }
    }
}
