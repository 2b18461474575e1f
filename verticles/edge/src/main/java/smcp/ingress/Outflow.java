package smcp.ingress;

import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.internal.buffer.BufferInternal;
import smcp.protocol.Json;

/**
 * What one response owes its client. It is written in pieces, so that it can be seen whether the client takes any; one that takes none for too long loses its connection, however little waits for it. Confined
 * to its connection's context.
 */
final class Outflow {
    /** With {@code ingress.bodyTimeout} at its default a client must take about 2 KiB a second. */
    private static final int PIECE = 64 << 10;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final StreamKeeper keeper;
    private int owed;
    private long lastTaken;
    private boolean reset;

    Outflow(HttpServerRequest request, StreamKeeper keeper) {
        this.request = request;
        this.response = request.response();
        this.keeper = keeper;
    }

    HttpServerResponse response() {
        return response;
    }

    /** More of a chunked body. */
    void write(Json bytes) {
        for (var at = bytes.from(); at < bytes.to(); at += PIECE) {
            owe(response.write(piece(bytes, at)));
        }
    }

    /** A whole body. */
    void end(Json body) {
        if (body.length() <= PIECE) {
            owe(response.end(piece(body, body.from())));
            return;
        }
        response.putHeader("Content-Length", String.valueOf(body.length()));
        write(body);
        end();
    }

    void end() {
        owe(response.end());
    }

    private static Buffer piece(Json bytes, int at) {
        return BufferInternal.buffer(Unpooled.wrappedBuffer(bytes.bytes(), at, Math.min(PIECE, bytes.to() - at)));
    }

    private void owe(Future<Void> written) {
        if (written.isComplete()) {
            return;
        }
        if (owed++ == 0) {
            lastTaken = System.nanoTime();
            keeper.owes(this);
        }
        var _ = written.onComplete(_ -> taken());
    }

    private void taken() {
        lastTaken = System.nanoTime();
        if (--owed == 0) {
            keeper.paid(this);
        }
    }

    /** Cuts the connection if its client has taken nothing for so long. */
    void cutIfStalled(long now, long patienceNanos) {
        if (now - lastTaken >= patienceNanos) {
            lastTaken = now;
            cut();
        }
    }

    /** Ends the stream unfinished, so that its client knows; over HTTP/1.1 that is the end of the connection. */
    void cut() {
        if (request.version() == HttpVersion.HTTP_2 && !reset) {
            // RFC 9113 §5.4.2. Where the connection itself does not take it, the next time is its end.
            reset = true;
            var _ = response.reset();
        } else {
            // Vert.x closes a connection behind what is still to be written, which for a client that does not read is
            // never. From its own handler on, the close goes to the socket.
            var _ = ((HttpServerConnection) request.connection())
                    .channelHandlerContext()
                    .close();
        }
    }
}
