package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import smcp.node.testing.ChildCluster;
import smcp.node.testing.Json;
import smcp.node.testing.Mcp;
import smcp.node.testing.Packages;
import smcp.testing.RealRedis;

/** Three nodes without a bucket: each has every package on its own disk. */
class ClusterPackagesTest {
    @TempDir
    private Path folder = Path.of("");

    private static String mark(ChildCluster cluster, int node) throws IOException {
        try (var client = Mcp.modern(cluster.get(node).port(), "shop")) {
            return client.call("mark", Json.object("{}")).text();
        }
    }

    private static void deploy(ChildCluster cluster, int at, String mark) throws IOException {
        try (var admin = cluster.admin(at)) {
            if (admin.get("/tenants/shop").status() == 404) {
                admin.openTenant("shop", "{}");
            }
            assertThat(admin.deployed("shop", Packages.java(mark))).isPositive();
        }
    }

    private static void remove(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    @Test
    @Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void noLossOfANodeOrOfItsDiskLosesAPackage() throws Exception {
        try (var redis = RealRedis.standalone();
                var cluster = ChildCluster.start(folder, 3, """
                        store: {kind: redis, redis: {endpoints: ["%s"], prefix: packages}}
                        blobs: {kind: files}
                        """.formatted(redis.address()))) {
            deploy(cluster, 1, "one");
            for (var node = 0; node < 3; node++) {
                assertThat(mark(cluster, node)).isEqualTo("one");
            }

            cluster.get(1).kill();
            assertThat(mark(cluster, 0)).isEqualTo("one");
            assertThat(mark(cluster, 2)).isEqualTo("one");
            deploy(cluster, 2, "two");
            assertThat(mark(cluster, 0)).isEqualTo("two");

            cluster.get(2).kill();
            remove(cluster.folder().resolve("n2"));
            cluster.restart(2);
            cluster.restart(1);
            assertThat(mark(cluster, 1)).isEqualTo("two");
            assertThat(mark(cluster, 2)).isEqualTo("two");
            // what they have is theirs: it serves when the node that had it first is gone
            cluster.get(0).kill();
            assertThat(mark(cluster, 1)).isEqualTo("two");
            assertThat(mark(cluster, 2)).isEqualTo("two");
        }
    }
}
