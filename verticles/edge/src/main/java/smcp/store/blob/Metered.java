package smcp.store.blob;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/** A content that breaks off where its tenant may keep no more. */
final class Metered implements ReadStream<Buffer> {
    private final ReadStream<Buffer> content;
    private final Ledger.Write write;
    private volatile boolean over;
    private volatile @Nullable Handler<Throwable> exceptionHandler;

    Metered(ReadStream<Buffer> content, Ledger.Write write) {
        this.content = content;
        this.write = write;
    }

    @Override
    public Metered exceptionHandler(@Nullable Handler<Throwable> given) {
        exceptionHandler = given;
        var _ = content.exceptionHandler(given);
        return this;
    }

    @Override
    public Metered handler(@Nullable Handler<Buffer> given) {
        var _ = content.handler(given == null ? null : buffer -> arrived(buffer, given));
        return this;
    }

    private void arrived(Buffer buffer, Handler<Buffer> to) {
        if (over) {
            return;
        }
        var fault = write.more(buffer.length());
        var heard = exceptionHandler;
        if (fault == null) {
            to.handle(buffer);
        } else if (heard != null) {
            over = true;
            var _ = content.pause();
            heard.handle(fault);
        }
    }

    @Override
    public Metered pause() {
        var _ = content.pause();
        return this;
    }

    @Override
    public Metered resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public Metered fetch(long amount) {
        if (!over) {
            var _ = content.fetch(amount);
        }
        return this;
    }

    @Override
    public Metered endHandler(@Nullable Handler<Void> given) {
        var _ = content.endHandler(
                given == null
                        ? null
                        : _ -> {
                            if (!over) {
                                given.handle(null);
                            }
                        });
        return this;
    }
}
