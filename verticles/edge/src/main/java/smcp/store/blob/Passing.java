package smcp.store.blob;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/** A content that is looked at as it passes. */
abstract class Passing implements ReadStream<Buffer> {
    private final ReadStream<Buffer> content;
    private volatile @Nullable Handler<Throwable> exceptionHandler;

    Passing(ReadStream<Buffer> content) {
        this.content = content;
    }

    abstract void passes(Buffer buffer);

    /** What is wrong with the whole; null if nothing is. */
    @Nullable
    Throwable wrong() {
        return null;
    }

    @Override
    public Passing exceptionHandler(@Nullable Handler<Throwable> given) {
        exceptionHandler = given;
        var _ = content.exceptionHandler(given);
        return this;
    }

    @Override
    public Passing handler(@Nullable Handler<Buffer> given) {
        var _ = content.handler(
                given == null
                        ? null
                        : buffer -> {
                            passes(buffer);
                            given.handle(buffer);
                        });
        return this;
    }

    @Override
    public Passing endHandler(@Nullable Handler<Void> given) {
        var _ = content.endHandler(given == null ? null : _ -> ended(given));
        return this;
    }

    private void ended(Handler<Void> given) {
        var wrong = wrong();
        var heard = exceptionHandler;
        if (wrong == null) {
            given.handle(null);
        } else if (heard != null) {
            heard.handle(wrong);
        }
    }

    @Override
    public Passing pause() {
        var _ = content.pause();
        return this;
    }

    @Override
    public Passing resume() {
        var _ = content.resume();
        return this;
    }

    @Override
    public Passing fetch(long amount) {
        var _ = content.fetch(amount);
        return this;
    }
}
