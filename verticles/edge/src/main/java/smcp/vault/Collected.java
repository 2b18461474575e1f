package smcp.vault;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/** The whole of a short stream that is paused. */
final class Collected {
    private Collected() {}

    static Future<Buffer> of(ReadStream<Buffer> content) {
        var whole = Buffer.buffer();
        var done = Promise.<Buffer>promise();
        content.exceptionHandler(done::tryFail);
        content.endHandler(_ -> done.tryComplete(whole));
        content.handler(whole::appendBuffer);
        content.resume();
        return done.future();
    }
}
