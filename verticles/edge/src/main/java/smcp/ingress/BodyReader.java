package smcp.ingress;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Patience;

/** Takes in request bodies, bounded in length and time. Confined to one event loop. */
final class BodyReader {
    private final IngressConfig config;
    private final Patience patience;

    BodyReader(Vertx vertx, IngressConfig config) {
        this.config = config;
        this.patience = new Patience(vertx, config.bodyTimeout());
    }

    /** Exactly one of the two hears, unless the client goes away first. */
    void read(HttpServerRequest request, Consumer<byte[]> whole, Consumer<Fault> failed) {
        var announced = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (announced != null && tooLong(announced)) {
            failed.accept(tooLarge());
            return;
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        var reading = new Reading(request, whole, failed);
        patience.await(reading);
        request.handler(reading::chunk);
        request.endHandler(_ -> reading.end());
        request.exceptionHandler(_ -> reading.over());
    }

    private boolean tooLong(String announced) {
        try {
            return Long.parseLong(announced.strip()) > config.maxBodyBytes();
        } catch (NumberFormatException e) {
            return true;
        }
    }

    private Fault tooLarge() {
        return new Fault(
                Kind.BODY_TOO_LARGE, "ingress.maxBodyBytes: a body may have " + config.maxBodyBytes() + " bytes");
    }

    private final class Reading extends Patience.Waiting {
        private final HttpServerRequest request;
        private final Consumer<byte[]> whole;
        private final Consumer<Fault> failed;
        private @Nullable Buffer body;
        private boolean over;

        Reading(HttpServerRequest request, Consumer<byte[]> whole, Consumer<Fault> failed) {
            this.request = request;
            this.whole = whole;
            this.failed = failed;
        }

        void chunk(Buffer chunk) {
            if (over) {
                return;
            }
            var so = body;
            var length = chunk.length() + (so == null ? 0 : so.length());
            if (length > config.maxBodyBytes()) {
                over();
                failed.accept(tooLarge());
            } else if (so == null) {
                body = chunk;
            } else {
                body = so.appendBuffer(chunk);
            }
        }

        void end() {
            if (!over) {
                over();
                whole.accept(body == null ? new byte[0] : body.getBytes());
            }
        }

        void over() {
            over = true;
            stopWaiting();
        }

        @Override
        protected void overdue() {
            if (!over) {
                over = true;
                failed.accept(new Fault(
                        Kind.BODY_TOO_SLOW,
                        "ingress.bodyTimeout: the body did not arrive within " + config.bodyTimeout()));
                request.connection().close();
            }
        }
    }
}
