package smcp.control;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The body of a response, written by a thread that waits until the client has taken what was written before. */
final class ResponseStream extends OutputStream {
    private final HttpServerResponse response;
    private final Duration patience;
    private boolean broken;

    /** @param patience with a client that takes nothing; then it is given up */
    ResponseStream(HttpServerResponse response, Duration patience) {
        this.response = response;
        this.patience = patience;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        if (broken) {
            throw new IOException("the client is gone");
        }
        await(response.write(Buffer.buffer(length).appendBytes(bytes, from, length)));
    }

    @Override
    public void close() throws IOException {
        if (!broken) {
            await(response.end());
        }
    }

    private void await(Future<Void> written) throws IOException {
        try {
            written.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw broken("the client took nothing for " + patience, e);
        } catch (Exception e) {
            // Vert.x throws undeclared what the connection failed with
            throw broken("the client is gone", e);
        }
    }

    private IOException broken(String why, Exception cause) {
        broken = true;
        var _ = response.reset(); // nobody listens any more
        return new IOException(why, cause);
    }
}
