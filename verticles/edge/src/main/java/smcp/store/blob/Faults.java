package smcp.store.blob;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Objects;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;

/** What failed, in words for the operator. */
final class Faults {
    private static final Logger log = LoggerFactory.getLogger(Faults.class);

    private Faults() {}

    /** A fault thrown by {@code operation} as a failed future. */
    static <T> Future<T> in(Supplier<Future<T>> operation) {
        try {
            return operation.get();
        } catch (Fault e) {
            return Future.failedFuture(e);
        }
    }

    static Throwable ofDisk(Throwable cause) {
        if (cause instanceof IOException e) {
            log.atWarn().setCause(e).log("the disk of the blobs failed");
            return new Fault(Fault.Kind.STORE_UNAVAILABLE, "blobs: " + reason(e), e);
        }
        return Fault.from(cause);
    }

    /** The JDK has no type for a full disk; what it passes on is strerror(3). */
    private static String reason(IOException e) {
        var words = e instanceof FileSystemException file
                ? Objects.requireNonNullElse(file.getReason(), file.getClass().getSimpleName())
                : Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
        return switch (words) {
            case "No space left on device", "Disk quota exceeded" -> "the disk is full: make room, or delete blobs";
            case "Read-only file system" -> "the disk is read-only";
            case "Too many open files" -> "the process has too many files open: raise its limit (ulimit -n)";
            default -> "the disk failed: " + words;
        };
    }
}
