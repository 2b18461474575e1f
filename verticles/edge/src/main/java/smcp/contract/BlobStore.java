package smcp.contract;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import smcp.tenant.TenantId;

/**
 * Large values, streamed both ways. A blob appears whole or not at all, and is replaced in one step. Names are any Unicode text without control characters and lone surrogates, 1 to {@link #LONGEST_NAME} bytes in UTF-8, ordered by those
 * bytes; a name is never a path.
 */
public interface BlobStore {
    /** Bytes of a name in UTF-8. */
    int LONGEST_NAME = 512;

    /** Names of one page. */
    int MOST_NAMES = 1_000;

    /**
     * Which blob of whom.
     *
     * @param space whose it is: {@link #of a tenant} or {@link #PACKAGES}
     */
    record BlobKey(String space, String name) {
        /** The platform's own: uploaded packages, by hash. */
        public static final String PACKAGES = "packages";

        public static BlobKey of(TenantId tenant, String name) {
            return new BlobKey(space(tenant), name);
        }

        public static String space(TenantId tenant) {
            return "tenant-" + tenant;
        }
    }

    /**
     * What is known of a blob.
     *
     * @param bytes of the content as it is read
     * @param etag names this content under this name; another write gets another one
     * @param sha256 of the content, hex; null where the store does not keep it
     */
    record Blob(
            String name, long bytes, String etag, @Nullable String sha256, Instant modified) {}

    /** A blob being read. The stream is paused; it fails if what arrives is not what was stored. Who does not read it to its end cancels it. */
    record Reading(Blob blob, Range range, ReadStream<Buffer> content, Runnable cancel) {}

    /**
     * Bytes {@code from} (counted from 0) to {@code to} (not included).
     *
     * @param to beyond the end means the end
     */
    record Range(long from, long to) {
        public static final Range ALL = new Range(0, Long.MAX_VALUE);

        public Range {
            if (from < 0 || to <= from) {
                throw new IllegalArgumentException("range must be 0 <= from < to, got " + from + " to " + to);
            }
        }
    }

    /** When to write. */
    sealed interface Condition {
        record Always() implements Condition {}

        /** Only if the name is free. */
        record Absent() implements Condition {}

        /** Only in the place of this content. */
        record Matches(String etag) implements Condition {}

        Condition ALWAYS = new Always();
        Condition ABSENT = new Absent();
    }

    /**
     * Names in order.
     *
     * @param next where to go on; null at the end
     */
    record Page(List<Blob> blobs, @Nullable String next) {}

    /**
     * Stores what {@code content} (paused when given) delivers, at its pace and the store's. If the content fails, is longer than {@code most} or the future fails, nothing is visible and the old blob stays. Fails with
     * {@link smcp.bus.Fault.Kind#CONFLICT} if the condition does not hold, with {@link smcp.bus.Fault.Kind#QUOTA} beyond {@code most} bytes, with {@link smcp.bus.Fault.Kind#STORE_UNAVAILABLE} if the store cannot be had.
     */
    Future<Blob> put(BlobKey key, ReadStream<Buffer> content, Condition condition, long most);

    /** Empty if there is none. Fails with {@link smcp.bus.Fault.Kind#INVALID_INPUT} if {@code range} begins beyond the end. */
    Future<Optional<Reading>> get(BlobKey key, Range range);

    Future<Optional<Blob>> head(BlobKey key);

    /** False if there was none. */
    Future<Boolean> delete(BlobKey key);

    /**
     * Blobs of a space whose names begin with {@code prefix}, in order, at most {@code most} (1 to {@link #MOST_NAMES}).
     *
     * @param after the {@link Page#next} of the page before; null at the start
     */
    Future<Page> list(String space, String prefix, @Nullable String after, int most);

    /** Forgets everything of a space. May take long; what was begun and not finished is finished by another call. */
    Future<Void> drop(String space);

    /** A URL with which anybody may read the blob for {@code life}, from the store itself; empty if this store has none to give, because it has no server or what it holds is sealed. */
    Optional<URI> presign(BlobKey key, Duration life);
}
