package smcp.store.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.store.blob.BlobStoreContract.assertFault;
import static smcp.store.blob.BlobStoreContract.bytes;
import static smcp.store.blob.BlobStoreContract.get;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault;
import smcp.contract.BlobStore.Blob;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;
import smcp.contract.TenantBlobs.Size;
import smcp.store.BlobBackend;
import smcp.tenant.Limits;
import smcp.tenant.TenantId;
import smcp.testing.TestClock;

class CountedBlobsTest {
    private static final TenantId SHOP = new TenantId("shop");
    private static final TenantId OTHER = new TenantId("other");

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private Vertx vertx;
    private BlobBackend backend;
    private CountedBlobs blobs;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        backend = get(Blobs.open(vertx, BlobConfig.DEFAULT, folder));
        blobs = new CountedBlobs(backend.blobs(), clock);
    }

    @AfterEach
    void close() {
        get(backend.close());
        get(vertx.close());
    }

    private static Limits.Storage limits(int blobs, long bytes) {
        return new Limits.Storage(0, 0, 0, blobs, bytes);
    }

    private Future<Blob> put(String name, int length, int most, long mostBytes) {
        var pieces = ByteStream.of(vertx, length / 1_000, _ -> Buffer.buffer(bytes(1_000)));
        return blobs.put(SHOP, name, pieces, Condition.ALWAYS, limits(most, mostBytes));
    }

    private Size size() {
        return get(blobs.size(SHOP));
    }

    @Test
    void whatPassesIsCounted() {
        assertThat(size()).isEqualTo(new Size(0, 0));
        get(put("a", 3_000, 9, 9_000));
        get(put("b", 2_000, 9, 9_000));
        get(put("a", 4_000, 9, 9_000));
        assertThat(size()).isEqualTo(new Size(2, 6_000));
        assertThat(get(blobs.delete(SHOP, "b"))).isTrue();
        assertThat(get(blobs.delete(SHOP, "b"))).isFalse();
        assertThat(size()).isEqualTo(new Size(1, 4_000));
        assertThat(get(blobs.size(OTHER))).isEqualTo(new Size(0, 0));
        get(blobs.drop(SHOP));
        assertThat(size()).isEqualTo(new Size(0, 0));
        assertThat(get(blobs.list(SHOP, "", null, 9)).blobs()).isEmpty();
    }

    @Test
    void moreThanATenantMayKeepIsRefusedAndLeavesNothing() {
        get(put("a", 5_000, 2, 9_000));
        assertFault(put("b", 5_000, 2, 9_000), Fault.Kind.QUOTA).hasMessageContainingAll("5000", "9000", "blobBytes");
        assertThat(get(blobs.head(SHOP, "b"))).isEmpty();
        get(put("a", 9_000, 2, 9_000)); // what it replaces does not count
        assertFault(put("a", 10_000, 2, 9_000), Fault.Kind.QUOTA);
        get(put("b", 0, 2, 9_000));
        assertFault(put("c", 0, 2, 9_000), Fault.Kind.QUOTA).hasMessageContaining("2 blobs");
        assertThat(size()).isEqualTo(new Size(2, 9_000));
    }

    @Test
    void ofTwoThatDoNotBothFitAtMostOneIsKept() {
        get(put("a", 1_000, 9, 9_000));
        var one = put("b", 6_000, 9, 9_000);
        var two = put("c", 6_000, 9, 9_000);
        get(Future.join(one, two).otherwiseEmpty());
        assertThat(one.succeeded() && two.succeeded()).isFalse();
        assertThat(size().bytes()).isLessThanOrEqualTo(7_000);
        get(put("d", 2_000, 9, 9_000));
    }

    @Test
    void aWriteThatFailsIsNotCounted() {
        var failing = ByteStream.of(vertx, 3, _ -> Buffer.buffer(bytes(1_000))).failing(new IOException("gone"));
        assertThat(get(blobs.put(SHOP, "a", failing, Condition.ALWAYS, limits(1, 5_000))
                        .map(true)
                        .otherwise(false)))
                .isFalse();
        assertThat(size()).isEqualTo(new Size(0, 0));
        get(put("a", 5_000, 1, 5_000));
    }

    @Test
    void whatOthersWroteIsCountedAfterAWhile() {
        assertThat(size()).isEqualTo(new Size(0, 0));
        get(backend.blobs().put(BlobKey.of(SHOP, "x"), ByteStream.of(vertx, bytes(10)), Condition.ALWAYS, 10));
        assertThat(size()).isEqualTo(new Size(0, 0));
        clock.forward(Duration.ofMinutes(16));
        assertThat(size()).isEqualTo(new Size(1, 10));
    }
}
