package smcp.store.blob;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Callable;
import smcp.bus.Fault;
import smcp.contract.BlobStore;
import smcp.store.BlobBackend;
import smcp.store.Place;

/** Opens the blob store that a node's configuration names. */
public final class Blobs {
    private Blobs() {}

    /** Must the store be there when it is opened? */
    public enum Start {
        MUST_ANSWER,
        /** What needs a server may do without it for a while; a mistake in the configuration is one all the same. */
        MAY_BE_AWAY
    }

    /** One that must answer. */
    public static Future<BlobBackend> open(Vertx vertx, BlobConfig config, Path dataDir) {
        return open(vertx, config, dataDir, Start.MUST_ANSWER);
    }

    /**
     * Fails with {@link Fault.Kind#STORE_UNAVAILABLE} and a sentence for the operator if the store cannot be used as it is; nothing stays open then.
     *
     * @param dataDir of the node, which holds its lock
     */
    public static Future<BlobBackend> open(Vertx vertx, BlobConfig config, Path dataDir, Start start) {
        return switch (config.kind()) {
            case FILES -> apart(vertx, () -> files(vertx, config.files(), dataDir));
            case S3 ->
                apart(vertx, () -> S3Blobs.client(vertx, config.s3()))
                        .compose(blobs -> blobs.ready(start))
                        .map(blobs -> blobs);
        };
    }

    /** The same place, for a restore. */
    public static Place<BlobStore> place(Vertx vertx, BlobConfig config, Path dataDir) {
        return switch (config.kind()) {
            case FILES ->
                new FilesPlace(vertx, directory(config.files(), dataDir), config.files(), dataDir, Clock.systemUTC());
            case S3 -> new S3Place(vertx, config.s3());
        };
    }

    private static Path directory(FilesConfig config, Path dataDir) {
        return Objects.requireNonNullElse(config.directory(), dataDir.resolve("blobs"));
    }

    private static BlobBackend files(Vertx vertx, FilesConfig config, Path dataDir) {
        var directory = directory(config, dataDir);
        try {
            return FileBlobs.open(vertx, directory, config, Clock.systemUTC());
        } catch (IOException e) {
            throw new Fault(
                    Fault.Kind.STORE_UNAVAILABLE, "blobs.files.directory " + directory + " cannot be used: " + e, e);
        }
    }

    private static <T> Future<T> apart(Vertx vertx, Callable<T> work) {
        var worker = vertx.createSharedWorkerExecutor("smcp-blobs-open", 1);
        return worker.executeBlocking(work, false).map(Objects::requireNonNull).eventually(worker::close);
    }
}
