package smcp.control;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Backups;
import smcp.control.Endpoint.Access;
import smcp.control.Endpoint.Body;

/** A backup as a stream. One at a time: each reads everything there is. */
final class BackupEndpoints {
    private static final Logger log = LoggerFactory.getLogger(BackupEndpoints.class);

    /** With a client that takes nothing: it may be writing to a tape, or through a line that is away for a moment. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Backups backups;
    private final Duration patience;
    private final AtomicBoolean busy = new AtomicBoolean();

    /** A body in which nothing may be wished. */
    private record Nothing() {}

    BackupEndpoints(Backups backups) {
        this(backups, PATIENCE);
    }

    BackupEndpoints(Backups backups, Duration patience) {
        this.backups = backups;
        this.patience = patience;
    }

    List<Endpoint> table() {
        return List.of(Endpoint.post("/backup", Access.OPERATOR, Body.OPTIONAL_JSON, request -> {
            request.onlyQueries();
            if (request.hasBody()) {
                var _ = request.body(Nothing.class);
            }
            if (busy.get()) {
                throw new Fault(Kind.OVERLOADED, "another backup is being made; try again when it has ended");
            }
            return Future.succeededFuture(Answer.stream("application/gzip", this::send));
        }));
    }

    void send(HttpServerResponse response) {
        if (!busy.compareAndSet(false, true)) {
            var _ = response.reset(); // two asked in the same moment
            return;
        }
        var _ = Thread.ofVirtual().name("smcp-backup").start(() -> {
            try {
                write(new ResponseStream(response.setChunked(true), patience));
            } finally {
                busy.set(false);
            }
        });
    }

    private void write(ResponseStream out) {
        try (out) {
            backups.write(out);
            log.atInfo().log("backup made");
        } catch (IOException | RuntimeException e) {
            // what was sent says that it is not whole
            log.atWarn().setCause(e).log("a backup was not finished");
        }
    }
}
