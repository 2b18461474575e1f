package smcp.control;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.streams.ReadStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.ValueStore;
import smcp.tenant.Shown;

/** Reads bodies: bounded in bytes and in the silence between two pieces. Confined to the control verticle's context; to be called before a request's first asynchronous step. */
final class Bodies {
    private static final int MOST_JSON = 256 << 10;
    private static final long LONGEST_SILENCE_MS = 20_000;
    private static final Set<String> PACKAGE_TYPES =
            Set.of("application/zip", "application/java-archive", "application/octet-stream");

    private static final String VALUE_TYPE = "application/octet-stream";
    private static final int MOST_VALUES = 8;

    static final String UPLOAD_PREFIX = "upload-";

    private final Vertx vertx;
    private final ControlConfig config;
    private int uploading;
    private int values;

    Bodies(Vertx vertx, ControlConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    /** The bytes of a JSON body. Only {@code application/json} is one: a browser sends that type to another origin only after asking, so no form can reach an endpoint. */
    Future<byte[]> json(HttpServerRequest request, boolean optional) {
        var type = mediaType(request);
        if (type == null && optional && !announcesBody(request)) {
            return Future.succeededFuture(new byte[0]);
        }
        if (!"application/json".equals(type)) {
            throw mediaType(type, "application/json");
        }
        checkLength(request, MOST_JSON);
        var whole = Buffer.buffer();
        return receive(request, MOST_JSON, whole::appendBuffer).map(_ -> whole.getBytes());
    }

    /** The bytes of a value while {@code use} runs; few at a time, because they stand in memory. */
    Future<Answer> bytes(HttpServerRequest request, Function<byte[], Future<Answer>> use) {
        var type = mediaType(request);
        if (!VALUE_TYPE.equals(type)) {
            throw mediaType(type, VALUE_TYPE);
        }
        checkLength(request, ValueStore.LONGEST_VALUE);
        if (values >= MOST_VALUES) {
            throw new Fault(
                    Kind.OVERLOADED, "there are " + values + " values on their way, the most at once; try again later");
        }
        values++;
        var whole = Buffer.buffer();
        var answer = receive(request, ValueStore.LONGEST_VALUE, whole::appendBuffer)
                .compose(_ -> use.apply(whole.getBytes()))
                .toCompletionStage();
        return Future.fromCompletionStage(answer, vertx.getOrCreateContext()).eventually(() -> {
            values--;
            return Future.succeededFuture();
        });
    }

    /** The body as it comes, at the pace of who reads it; it watches over how long that is and how much. */
    Future<Answer> stream(HttpServerRequest request, Function<ReadStream<Buffer>, Future<Answer>> use) {
        var type = mediaType(request);
        if (!VALUE_TYPE.equals(type)) {
            throw mediaType(type, VALUE_TYPE);
        }
        request.pause();
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            var _ = request.response().writeContinue();
        }
        var answer = use.apply(request).toCompletionStage();
        return Future.fromCompletionStage(answer, vertx.getOrCreateContext());
    }

    /** Streams the body to a file that exists while {@code use} runs. */
    Future<Answer> upload(HttpServerRequest request, Function<Path, Future<Answer>> use) {
        var type = mediaType(request);
        if (type == null || !PACKAGE_TYPES.contains(type)) {
            throw mediaType(type, String.join(" or ", new TreeSet<>(PACKAGE_TYPES)));
        }
        checkLength(request, config.maxUploadBytes());
        if (uploading >= config.maxUploads()) {
            throw new Fault(
                    Kind.OVERLOADED,
                    "there are " + uploading + " deploys under way, the most at once; try again later");
        }
        uploading++;
        request.pause();
        var path = config.uploads().resolve(UPLOAD_PREFIX + UUID.randomUUID());
        var options = new OpenOptions().setCreateNew(true).setRead(false).setPerms("rw-------");
        var answer = vertx.fileSystem()
                .open(path.toString(), options)
                .compose(file -> fill(request, file).eventually(file::close))
                .compose(_ -> use.apply(path))
                .toCompletionStage();
        // the deploy may end on another thread; the count is this context's
        return Future.fromCompletionStage(answer, vertx.getOrCreateContext()).eventually(() -> {
            uploading--;
            return vertx.fileSystem().delete(path.toString()).recover(_ -> Future.succeededFuture());
        });
    }

    private Future<Void> fill(HttpServerRequest request, AsyncFile file) {
        var received = receive(request, config.maxUploadBytes(), piece -> {
            var _ = file.write(piece);
            if (file.writeQueueFull()) {
                request.pause();
                file.drainHandler(_ -> request.resume());
            }
        });
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            var _ = request.response().writeContinue();
        }
        request.resume();
        return received;
    }

    private Future<Void> receive(HttpServerRequest request, long most, Consumer<Buffer> pieces) {
        var done = Promise.<Void>promise();
        var watch = new Silence(done);
        var received = new long[1];
        request.exceptionHandler(cause -> done.tryFail(new Fault(Kind.CANCELLED, "the body broke off", cause)));
        request.handler(piece -> {
            received[0] += piece.length();
            if (received[0] > most) {
                done.tryFail(tooLarge(most));
            } else if (!done.future().isComplete()) {
                watch.heard();
                pieces.accept(piece);
            }
        });
        request.endHandler(_ -> done.tryComplete());
        return done.future().eventually(watch::end);
    }

    /** Ends a body whose next piece does not come. */
    private final class Silence {
        private final Promise<Void> done;
        private long timer;

        Silence(Promise<Void> done) {
            this.done = done;
            arm();
        }

        private void arm() {
            timer = vertx.setTimer(
                    LONGEST_SILENCE_MS,
                    _ -> done.tryFail(new Fault(
                            Kind.BODY_TOO_SLOW, "nothing of the body came for " + LONGEST_SILENCE_MS / 1000 + " s")));
        }

        void heard() {
            vertx.cancelTimer(timer);
            arm();
        }

        Future<Void> end() {
            vertx.cancelTimer(timer);
            return Future.succeededFuture();
        }
    }

    private static boolean announcesBody(HttpServerRequest request) {
        var length = request.getHeader("Content-Length");
        return request.getHeader("Transfer-Encoding") != null || (length != null && !length.equals("0"));
    }

    private static void checkLength(HttpServerRequest request, long most) {
        var length = request.getHeader("Content-Length");
        // a length that is no number never gets here: the HTTP decoder refuses it
        if (length != null && (length.length() > 18 || Long.parseLong(length) > most)) {
            throw tooLarge(most);
        }
    }

    private static Fault tooLarge(long most) {
        return new Fault(Kind.BODY_TOO_LARGE, "the body must have at most " + most + " bytes");
    }

    private static @Nullable String mediaType(HttpServerRequest request) {
        var type = request.getHeader("Content-Type");
        return type == null ? null : type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    }

    private static Fault mediaType(@Nullable String type, String wanted) {
        return new Fault(
                Kind.MEDIA_TYPE,
                "Content-Type must be " + wanted + ", got " + (type == null ? "none" : "\"" + Shown.of(type) + "\""));
    }
}
