package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.node.testing.Admin;
import smcp.node.testing.LocalNode;
import smcp.node.testing.Packages;

/** Blobs, and the packages among them, on a whole node. */
class NodeBlobsTest {
    private static final Map<String, String> BYTES = Map.of("Content-Type", "application/octet-stream");
    private static final String BLOB = "\"words that nobody else may read\"";

    @TempDir
    private Path data;

    @Test
    void whatIsKeptIsSealedThereAfterARestartAndGoesWithItsTenant() throws Exception {
        try (var node = LocalNode.start(data);
                var admin = node.admin()) {
            admin.openTenant("shop", "{'blobs':2}");
            var _ = admin.deployed("shop", Packages.js("mark"));
            put(admin, "a", 200);
            put(admin, "b", 200);
            put(admin, "c", 507);
        }
        assertNowhere(data.resolve("blobs"), "words that nobody");
        assertNowhere(data.resolve("blobs"), "smcp.json");

        try (var node = LocalNode.start(data);
                var admin = node.admin()) {
            assertThat(admin.get("/tenants/shop/blobs/a").expect(200).body().asText())
                    .isEqualTo(BLOB.replace("\"", ""));
            assertThat(admin.get("/tenants/shop/usage")
                            .body()
                            .at("/usage/blobs/entries")
                            .asInt())
                    .isEqualTo(2);
            assertThat(admin.get("/stores").body().path("stores")).anySatisfy(store -> {
                assertThat(store.path("name").asText()).isEqualTo("blobs");
                assertThat(store.path("kind").asText()).isEqualTo("files");
                assertThat(store.path("durability").asText()).isEqualTo("disk");
            });
            var _ = admin.delete("/tenants/shop").expect(204);
            admin.openTenant("shop", "{}");
            assertThat(admin.get("/tenants/shop/blobs").body().path("blobs")).isEmpty();
        }
    }

    private static void put(Admin admin, String name, int status) throws IOException {
        var _ = admin.send("PUT", "/tenants/shop/blobs/" + name, BYTES, BLOB.getBytes(StandardCharsets.UTF_8))
                .expect(status);
    }

    private static void assertNowhere(Path directory, String words) throws IOException {
        try (var files = Files.walk(directory)) {
            var all = files.filter(Files::isRegularFile).toList();
            assertThat(all).isNotEmpty();
            for (var file : all) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(words);
            }
        }
    }
}
