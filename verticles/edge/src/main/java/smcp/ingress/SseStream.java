package smcp.ingress;

import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import smcp.contract.Reply;
import smcp.protocol.Json;
import smcp.protocol.Splice;

/** One open {@code text/event-stream} (WHATWG HTML, Server-sent events). Confined to its connection's context. */
final class SseStream implements Reply.EventStream {
    private static final byte[] COMMENT = ascii(":\n\n");
    private static final byte[] ID = ascii("id: ");
    private static final byte[] EVENT = ascii("event: message\n");
    private static final byte[] DATA = ascii("data: ");
    private static final byte[] END = ascii("\n\n");

    private final Outflow out;
    private final HttpServerResponse response;
    private final StreamKeeper keeper;
    private long lastWrite = System.nanoTime();
    /** Bytes written since the client last kept up. */
    private long unread;

    private boolean over;

    SseStream(Outflow out, StreamKeeper keeper) {
        this.out = out;
        this.response = out.response();
        this.keeper = keeper;
    }

    /** Headers and a first byte leave at once: some proxies hold the headers back until there is one. */
    void begin() {
        response.setWriteQueueMaxSize(keeper.maxBytes());
        keeper.add(this);
        write(COMMENT);
    }

    @Override
    public void event(@Nullable String id, @Nullable Json data) {
        var event = new Splice(64 + (data == null ? 0 : data.length()));
        if (id != null) {
            event.put(ID).put(ascii(id)).put('\n');
        }
        if (data == null) {
            event.put(DATA);
        } else {
            event.put(EVENT).put(DATA).put(oneLine(data));
        }
        write(event.put(END).json());
    }

    /** A raw line break in JSON can only be white space between tokens; in an event it would end the line. */
    private static Json oneLine(Json data) {
        for (var i = data.from(); i < data.to(); i++) {
            if (data.bytes()[i] == '\n' || data.bytes()[i] == '\r') {
                var copy = data.copy();
                for (var j = 0; j < copy.length; j++) {
                    if (copy[j] == '\n' || copy[j] == '\r') {
                        copy[j] = ' ';
                    }
                }
                return Json.of(copy);
            }
        }
        return data;
    }

    @Override
    public void retry(long millis) {
        write(ascii("retry: " + millis + "\n\n"));
    }

    /** Writes a comment if nothing else was written for so long. */
    void keepAlive(long now, long silenceNanos) {
        if (now - lastWrite >= silenceNanos && !full()) {
            write(COMMENT);
        }
    }

    private void write(Json bytes) {
        if (!closed()) {
            lastWrite = System.nanoTime();
            var slow = response.writeQueueFull();
            unread = slow ? unread + bytes.length() : 0;
            if (slow && unread > keeper.maxBytes()) {
                // one frame may be larger than the bound; a second one behind it must not wait with it
                cut();
                return;
            }
            out.write(bytes);
        }
    }

    private void write(byte[] bytes) {
        write(Json.of(bytes));
    }

    private boolean closed() {
        if (!over && (response.ended() || response.closed())) {
            over = true;
            keeper.remove(this);
        }
        return over;
    }

    @Override
    public boolean full() {
        return !closed() && response.writeQueueFull();
    }

    @Override
    public void onDrain(Runnable drained) {
        response.drainHandler(_ -> {
            response.drainHandler(null);
            drained.run();
        });
    }

    @Override
    public void end() {
        if (!closed()) {
            over = true;
            keeper.remove(this);
            out.end();
        }
    }

    @Override
    public void cut() {
        if (!closed()) {
            over = true;
            keeper.remove(this);
            out.cut();
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
