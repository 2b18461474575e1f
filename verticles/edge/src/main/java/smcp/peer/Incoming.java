package smcp.peer;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.peer.PeerVerticle.Serving;

/** One request of another node, until it is read. Confined to its context. */
final class Incoming {
    private static final Logger log = LoggerFactory.getLogger(Incoming.class);

    /** The one status that does not say that nothing was done. */
    static final int FAILED = 500;

    private final HttpServerRequest request;
    private final Serving serving;
    private final FrameReader reader;
    private long length;
    private boolean refused;

    Incoming(HttpServerRequest request, Serving serving) {
        this.request = request;
        this.serving = serving;
        this.reader = new FrameReader(serving.config().maxFrameBytes());
    }

    void begin() {
        request.exceptionHandler(_ -> refused = true).handler(this::more).endHandler(_ -> whole());
    }

    private void more(Buffer chunk) {
        if (refused) {
            return;
        }
        length += chunk.length();
        if (length > serving.config().maxFrameBytes() + (long) Wire.HEADER) {
            refused = true;
            refuse(
                    request,
                    413,
                    "a request longer than peer.maxFrameBytes ("
                            + serving.config().maxFrameBytes() + ")");
            var _ = request.response().reset(Wire.CANCEL);
            return;
        }
        reader.feed(chunk);
    }

    private void whole() {
        if (refused) {
            return;
        }
        try {
            dispatch();
        } catch (Malformed e) {
            log.atWarn()
                    .addKeyValue("peer", request.remoteAddress())
                    .log("a malformed request of another node was refused: " + e.getMessage());
            refuse(request, 400, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("a call of another node broke the edge");
            if (!request.response().headWritten()) {
                refuse(request, FAILED, "internal error");
            }
        }
    }

    private void dispatch() {
        while (reader.next()) {
            switch (reader.kind()) {
                case Wire.CALL -> {
                    new IncomingCall(request, new CallReader(reader.fields()).call(), serving).start();
                    return;
                }
                case Wire.LEGACY -> {
                    legacy(new CallReader(reader.fields()));
                    return;
                }
                default -> {
                    if (!Wire.skippable(reader.kind())) {
                        throw Wire.unknown(reader.kind());
                    }
                }
            }
        }
        throw new Malformed(reader.unfinished() ? "a request that ends within a frame" : "a request without a call");
    }

    private void legacy(CallReader read) {
        var round = read.legacy();
        var outlet = new Outlet(request.response(), serving.config().maxQueuedBytes());
        if (read.noReply()) {
            serving.legacy().serve(round, null);
            outlet.end(new FrameWriter(Wire.HEADER).begin(Wire.TAKEN).end().buffer());
        } else {
            serving.legacy().serve(round, new RemoteReply(outlet));
        }
    }

    /** Answers that a request was not taken. The reason is for people, and stands in a header. */
    static void refuse(HttpServerRequest request, int status, String why) {
        var plain = new StringBuilder(why.length());
        why.chars().limit(500).forEach(c -> plain.append(c < ' ' || c > '~' ? '?' : (char) c));
        var _ = request.response()
                .setStatusCode(status)
                .putHeader(Wire.REFUSED, plain)
                .end();
    }
}
