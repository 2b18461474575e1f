package smcp.peer;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.contract.BlobStore.Reading;
import smcp.contract.PeerBlobs;

/** One request of another node for a package. The stream's flow control is what slows the disk. Confined to its context. */
final class IncomingFetch {
    private static final Logger log = LoggerFactory.getLogger(IncomingFetch.class);
    /** A package on its way for so long is of no use to anybody. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    private final HttpServerRequest request;
    private final Versions versions;
    private final PeerBlobs.Source packages;
    private final Vertx vertx;
    private @Nullable Reading reading;
    private long timer;
    private boolean over;

    IncomingFetch(Vertx vertx, HttpServerRequest request, Versions versions, PeerBlobs.Source packages) {
        this.vertx = vertx;
        this.request = request;
        this.versions = versions;
        this.packages = packages;
    }

    void begin() {
        var version = request.getHeader(Wire.VERSION);
        var path = request.path();
        var key = path == null ? null : Packages.of(path);
        if (!versions.has(version)) {
            Incoming.refuse(request, 505, "this node talks smcp-peer " + versions + ", asked for " + version);
        } else if (key == null || !request.method().equals(HttpMethod.GET)) {
            Incoming.refuse(request, 404, "nothing here");
        } else {
            timer = vertx.setTimer(LONGEST.toMillis(), _ -> reset(Wire.CANCEL));
            request.response().exceptionHandler(_ -> end()).closeHandler(_ -> end());
            Future.succeededFuture(key).compose(packages::read).onComplete(this::found);
        }
    }

    private void found(AsyncResult<Optional<Reading>> answer) {
        if (answer.failed()) {
            // who asks goes to another node; what is wrong here is for the log here
            log.atWarn().setCause(answer.cause()).log("a package could not be read for another node");
            refuse(503, Fault.from(answer.cause()).message());
        } else if (answer.result().isEmpty()) {
            refuse(404, "this node does not have the package");
        } else {
            send(answer.result().get());
        }
    }

    private void refuse(int status, String why) {
        if (!over) {
            end();
            Incoming.refuse(request, status, why);
        }
    }

    private void send(Reading found) {
        reading = found;
        if (over) {
            found.cancel().run();
            return;
        }
        var blob = found.blob();
        var response = request.response()
                .putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(blob.bytes()))
                .putHeader(HttpHeaders.ETAG, "\"" + blob.etag() + "\"")
                .putHeader(Wire.STORED, String.valueOf(blob.modified().toEpochMilli()));
        if (blob.sha256() != null) {
            response.putHeader(Wire.SHA256, blob.sha256());
        }
        found.content().pipe().endOnFailure(false).to(response).onComplete(_ -> end(), this::broke);
    }

    /** What was sent so far is not the whole, and the other node must see that. */
    private void broke(Throwable cause) {
        if (!over) {
            log.atWarn().setCause(cause).log("a package broke off on its way to another node");
            reset(Wire.INTERNAL_ERROR);
        }
    }

    private void reset(long code) {
        var _ = request.response().reset(code);
        end();
    }

    private void end() {
        over = true;
        var _ = vertx.cancelTimer(timer);
        var read = reading;
        reading = null;
        if (read != null) {
            read.cancel().run();
        }
    }
}
