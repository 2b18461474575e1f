package smcp.store.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault;
import smcp.store.BlobBackend;

class S3BlobsTest extends BlobStoreContract {
    @TempDir
    static Path folder;

    /** Opening one costs a dozen requests: most tests share it. */
    private static @Nullable Vertx sharedVertx;

    private static @Nullable BlobBackend shared;

    @Override
    protected Vertx vertx() {
        if (sharedVertx == null) {
            sharedVertx = super.vertx();
        }
        return sharedVertx;
    }

    @Override
    protected BlobBackend ready() throws IOException, TimeoutException {
        if (shared == null) {
            shared = open();
        }
        return shared;
    }

    @Override
    protected void unshared() throws IOException, TimeoutException {
        backend = open();
        store = backend.blobs();
    }

    @Override
    protected void end() {}

    @AfterAll
    static void endShared() {
        if (shared != null && sharedVertx != null) {
            get(shared.close());
            get(sharedVertx.close());
        }
    }

    @Override
    protected BlobBackend open() throws IOException, TimeoutException {
        var config = S3Setup.config(FaultProxy.start(vertx, S3Server.port()).url(), folder);
        return get(Blobs.open(vertx, new BlobConfig(BlobConfig.Kind.S3, FilesConfig.DEFAULT, config), folder));
    }

    @Test
    void aSignedUrlIsReadByAnybody() throws Exception {
        put("a/b ü", bytes(1_000));
        var url = store.presign(key("a/b ü"), Duration.ofMinutes(5)).orElseThrow();
        assertThat(url.getQuery()).contains("X-Amz-Expires=300").doesNotContain(S3Setup.SECRET);
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofByteArray());
            assertThat(answer.body()).isEqualTo(bytes(1_000));
        }
        assertThatThrownBy(() -> store.presign(key("a"), Duration.ofDays(8)))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("at most 7 days");
    }

    @Test
    void whatSomebodyElsePutsIntoTheBucketIsLeftOutOfLists() throws Exception {
        put("a", bytes(1));
        put("b", bytes(1));
        try (var client = HttpClient.newHttpClient()) {
            var url = URI.create(S3Server.url() + "/" + S3Server.BUCKET + "/smcp/" + space + "/a-readable-name.txt");
            var stranger = HttpRequest.newBuilder(url)
                    .PUT(HttpRequest.BodyPublishers.ofString("x"))
                    .build();
            assertThat(client.send(stranger, BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);
        }
        assertThat(names("", 1)).containsExactly("a", "b");
    }

    @Test
    void theConfigurationIsChecked() throws IOException {
        assertThatThrownBy(() -> new BlobConfig(BlobConfig.Kind.S3, FilesConfig.DEFAULT, S3Config.DEFAULT))
                .hasMessage("blobs.s3.bucket must be set if blobs.kind is s3");
        for (var wrong : new String[] {"s3.example.com", "ftp://x", "https://me:secret@x", "https://x/path"}) {
            assertThatThrownBy(() -> S3Setup.config(wrong, folder)).hasMessageContaining("blobs.s3.endpoint must be");
        }
        assertThatThrownBy(() -> S3Setup.config(S3Server.url(), folder, "Not_A_Bucket", S3Setup.PATIENT))
                .hasMessageContaining("blobs.s3.bucket must match");
    }
}
