package smcp.store.blob;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.contract.BlobStore;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;

/** A bucket's prefix as the place of a restore. */
class S3PlaceTest {
    private static final BlobKey ONE = new BlobKey("tenant-acme", "one");
    private static final BlobKey TWO = new BlobKey(BlobKey.PACKAGES, "ab".repeat(32));

    @TempDir
    Path folder;

    private static <T extends @Nullable Object> T get(Future<T> future) throws TimeoutException {
        return future.await(30, TimeUnit.SECONDS);
    }

    private static void put(Vertx vertx, BlobStore store, BlobKey key) throws TimeoutException {
        var content = ByteStream.of(vertx, new byte[1_000]);
        assertThat(get(store.put(key, content, Condition.ALWAYS, Long.MAX_VALUE))
                        .bytes())
                .isEqualTo(1_000);
    }

    @Test
    void whatIsThereIsSeenRemovedAndNothingElseIs() throws Exception {
        var vertx = Vertx.vertx();
        var url = FaultProxy.start(vertx, S3Server.port()).url();
        var mine = new BlobConfig(BlobConfig.Kind.S3, FilesConfig.DEFAULT, S3Setup.under(url, folder, "place"));
        var others = new BlobConfig(BlobConfig.Kind.S3, FilesConfig.DEFAULT, S3Setup.under(url, folder, "place2"));
        var place = Blobs.place(vertx, mine, folder);
        assertThat(place.occupied()).as("only what a probe made, at most").isNull();
        for (var config : new BlobConfig[] {mine, others}) {
            var backend = get(Blobs.open(vertx, config, folder));
            put(vertx, backend.blobs(), ONE);
            put(vertx, backend.blobs(), TWO);
            get(backend.close());
        }
        assertThat(place.occupied()).contains("place/", S3Server.BUCKET);
        assertThat(place.clear(null)).startsWith("removed what is under place/");
        assertThat(place.occupied()).isNull();
        assertThat(Blobs.place(vertx, others, folder).occupied()).isNotNull();

        var opened = place.open();
        put(vertx, opened.store(), TWO);
        get(opened.close().now());
        assertThat(place.occupied()).isNotNull();
        get(vertx.close());
    }
}
