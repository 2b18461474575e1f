package smcp.store.blob;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import smcp.contract.BlobStore;
import smcp.contract.BlobStore.Blob;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;
import smcp.contract.BlobStore.Page;
import smcp.contract.BlobStore.Range;
import smcp.contract.BlobStore.Reading;
import smcp.contract.TenantBlobs;
import smcp.store.Caller;
import smcp.tenant.Limits;
import smcp.tenant.TenantId;

/** Counts what tenants keep by listing it, and then by what passes here; lists again after a while, because other nodes write too. Any thread. */
public final class CountedBlobs implements TenantBlobs {
    private static final Duration FRESH = Duration.ofMinutes(15);
    private static final int MOST_TENANTS = 10_000;

    private final BlobStore blobs;
    private final InstantSource clock;

    /** Those asked for least recently go first, and are counted anew when they come back. */
    private final Map<TenantId, Counting> counts = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<TenantId, Counting> eldest) {
            return size() > MOST_TENANTS;
        }
    };

    private record Counting(Future<Ledger> ledger, Instant since) {}

    /** @param blobs as tenants see them: opened, if they are sealed */
    public CountedBlobs(BlobStore blobs, InstantSource clock) {
        this.blobs = blobs;
        this.clock = clock;
    }

    @Override
    public Future<Blob> put(
            TenantId tenant, String name, ReadStream<Buffer> content, Condition condition, Limits.Storage limits) {
        var key = BlobKey.of(tenant, name);
        // first of all: what else is done takes a while, and the content must not run away meanwhile
        var paused = content.pause();
        return Faults.in(() -> {
            BlobNames.check(key);
            return ledger(tenant)
                    .compose(ledger -> blobs.head(key).compose(old -> {
                        var write = ledger.begin(old.map(Blob::bytes).orElse(null), limits);
                        return Future.succeededFuture()
                                .compose(_ -> blobs.put(key, new Metered(paused, write), condition, limits.blobBytes()))
                                .onSuccess(blob -> write.done(blob.bytes()))
                                .onFailure(_ -> write.failed());
                    }));
        });
    }

    @Override
    public Future<Optional<Reading>> get(TenantId tenant, String name, Range range) {
        return blobs.get(BlobKey.of(tenant, name), range);
    }

    @Override
    public Future<Optional<Blob>> head(TenantId tenant, String name) {
        return blobs.head(BlobKey.of(tenant, name));
    }

    @Override
    public Future<Boolean> delete(TenantId tenant, String name) {
        var key = BlobKey.of(tenant, name);
        return blobs.head(key)
                .compose(old -> blobs.delete(key).onSuccess(there -> {
                    if (there) {
                        known(tenant)
                                .ifPresent(ledger ->
                                        ledger.removed(old.map(Blob::bytes).orElse(0L)));
                    }
                }));
    }

    @Override
    public Future<Page> list(TenantId tenant, String prefix, @Nullable String after, int most) {
        return blobs.list(BlobKey.space(tenant), prefix, after, most);
    }

    @Override
    public Future<Size> size(TenantId tenant) {
        return ledger(tenant).map(Ledger::size);
    }

    @Override
    public Future<Void> drop(TenantId tenant) {
        return blobs.drop(BlobKey.space(tenant)).onComplete(_ -> {
            synchronized (counts) {
                counts.remove(tenant);
            }
        });
    }

    private Optional<Ledger> known(TenantId tenant) {
        synchronized (counts) {
            var counting = counts.get(tenant);
            return counting == null
                    ? Optional.empty()
                    : Optional.ofNullable(counting.ledger().result());
        }
    }

    /** One count at a time for a tenant; one that failed is made again by who asks next. */
    private Future<Ledger> ledger(TenantId tenant) {
        synchronized (counts) {
            var counting = counts.get(tenant);
            var now = clock.instant();
            if (counting == null
                    || counting.ledger().failed()
                    || counting.since().plus(FRESH).isBefore(now)) {
                var fresh = count(tenant, null, 0, 0);
                counting = new Counting(fresh, now);
                counts.put(tenant, counting);
            }
            // one count for callers on several contexts: each goes on on its own
            return Caller.future(counting.ledger().toCompletionStage().toCompletableFuture());
        }
    }

    private Future<Ledger> count(TenantId tenant, @Nullable String after, long count, long bytes) {
        return blobs.list(BlobKey.space(tenant), "", after, BlobStore.MOST_NAMES)
                .compose(page -> {
                    var number = count + page.blobs().size();
                    var sum =
                            bytes + page.blobs().stream().mapToLong(Blob::bytes).sum();
                    return page.next() == null
                            ? Future.succeededFuture(new Ledger(number, sum))
                            : count(tenant, page.next(), number, sum);
                });
    }
}
