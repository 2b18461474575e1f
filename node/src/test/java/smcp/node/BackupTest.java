package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.ValueStore;
import smcp.node.testing.Admin;
import smcp.node.testing.ChildNode;
import smcp.node.testing.Json;
import smcp.node.testing.LocalNode;
import smcp.node.testing.Mcp;
import smcp.node.testing.Packages;
import smcp.store.StoreConfig;
import smcp.store.Stores;
import smcp.tenant.Limits;
import smcp.tenant.Tenant;
import smcp.tenant.TenantId;
import smcp.tenant.Trust;
import smcp.testing.RealRedis;

/** {@code smcp backup} and {@code smcp restore}, on whole nodes. */
class BackupTest {
    private static final TenantId BIG = new TenantId("big");
    private static final int MANY = 100_000;

    @TempDir
    private Path folder;

    /** How a command ended, and all it said. */
    private record Ended(int code, String said) {}

    private static Ended smcp(String... args) {
        var said = new StringWriter();
        var writer = new PrintWriter(said);
        var code = Main.commandLine().setOut(writer).setErr(writer).execute(args);
        return new Ended(code, said.toString());
    }

    private static Process child(Path log, String... args) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("surefire.real.class.path", System.getProperty("java.class.path")),
                "smcp.node.Main"));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private void small(Path log, String... args) throws Exception {
        var process = child(log, args);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    }

    @Test
    void aNodeThatIsCopiedWhileItRunsServesTheSameFromAnotherDirectory() throws Exception {
        var backup = folder.resolve("node.backup");
        var second = Files.createDirectories(folder.resolve("second"));
        String token;
        String key;
        Mcp session;
        try (var node = LocalNode.start(folder.resolve("first"));
                var admin = node.admin()) {
            token = Files.readString(node.node.operatorTokenFile());
            var _ = admin.create("/tenants/shop", "{'trust':'operator'}").expect(201);
            var _ = admin.create("/tenants/shop/clients/ada", "{}").expect(201);
            key = admin.send("POST", "/tenants/shop/clients/ada/keys", Map.of(), new byte[0])
                    .expect(201)
                    .body()
                    .path("token")
                    .asText();
            var _ = admin.deployed("shop", Packages.java("the same"));
            var _ = admin.send("PUT", "/tenants/shop/kv/k", octets(), "kept text".getBytes(StandardCharsets.UTF_8))
                    .expect(200);
            var _ = admin.json("PUT", "/tenants/shop/secrets/API_KEY", Map.of(), "{'value':'kept text'}")
                    .expect(200);
            session = Mcp.legacy(node.port(), "shop", key);
            var made = smcp(
                    "backup",
                    backup.toString(),
                    "--admin",
                    "http://127.0.0.1:" + node.node.adminPort(),
                    "--token-file",
                    node.node.operatorTokenFile().toString());
            assertThat(made.code()).as(made.said()).isZero();
            assertThat(made.said()).contains("registry", "values", "sessions", "key-encryption key", "NOT in it");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
                    .isEqualTo("rw-------");
            Files.copy(folder.resolve("first/node.key"), second.resolve("node.key"));
        }
        var again = smcp("restore", backup.toString(), "--data", second.toString());
        assertThat(again.code()).as(again.said()).isZero();
        assertThat(again.said()).contains("Whole: a backup of", "opens it is here", "start the node");
        try (var node = LocalNode.start(second);
                var admin = new Admin(node.node.adminPort(), token);
                var fresh = node.admin();
                var client = Mcp.modern(node.port(), "shop", key);
                var resumed = session.again(node.port())) {
            assertThat(admin.get("/tenants/shop").status()).isEqualTo(200);
            assertThat(fresh.get("/tenants/shop").status()).isEqualTo(200);
            assertThat(client.call("mark", Json.object("{}")).text()).isEqualTo("the same");
            assertThat(resumed.call("mark", Json.object("{}")).text()).isEqualTo("the same");
            assertThat(admin.get("/tenants/shop/secrets").body().toString()).contains("API_KEY");
            var value = node.node.values().get(new TenantId("shop"), "k");
            assertThat(get(value).orElseThrow().content().toString()).isEqualTo("kept text");
        }
    }

    @Test
    void aNodeGrowsIntoRedisAndItsTenantsAndKeysGoOn() throws Exception {
        var backup = folder.resolve("node.backup").toString();
        var first = folder.resolve("first");
        String key;
        Mcp session;
        try (var node = LocalNode.start(first);
                var admin = node.admin()) {
            var _ = admin.create("/tenants/shop", "{'trust':'operator'}").expect(201);
            var _ = admin.create("/tenants/shop/clients/ada", "{}").expect(201);
            key = admin.send("POST", "/tenants/shop/clients/ada/keys", Map.of(), new byte[0])
                    .expect(201)
                    .body()
                    .path("token")
                    .asText();
            var _ = admin.deployed("shop", Packages.java("grown"));
            var _ = admin.send("PUT", "/tenants/shop/kv/k", octets(), "\"kept text\"".getBytes(StandardCharsets.UTF_8))
                    .expect(200);
            session = Mcp.legacy(node.port(), "shop", key);
        }
        assertThat(smcp("backup", backup, "--data", first.toString()).code()).isZero();
        var second = Files.createDirectories(folder.resolve("second"));
        Files.copy(first.resolve("node.key"), second.resolve("node.key"));
        Files.copy(first.resolve("operator.token"), second.resolve("operator.token"));
        try (var redis = RealRedis.standalone()) {
            var config = Files.writeString(
                            folder.resolve("new.yaml"),
                            "store: {kind: redis, redis: {endpoints: [\"" + redis.address() + "\"], prefix: grown}}\n")
                    .toString();
            var grown = smcp("restore", backup, "--config", config, "--data", second.toString());
            assertThat(grown.code()).as(grown.said()).isZero();
            assertThat(grown.said()).contains("opens it is here", "The operator's token", "start the node");
            try (var node = ChildNode.start(second, "--config", config);
                    var admin = node.admin();
                    var client = Mcp.modern(node.port(), "shop", key);
                    var resumed = session.again(node.port())) {
                assertThat(client.call("mark", Json.object("{}")).text()).isEqualTo("grown");
                assertThat(resumed.call("mark", Json.object("{}")).text()).isEqualTo("grown");
                assertThat(admin.get("/tenants/shop/kv/k").expect(200).body().asText())
                        .isEqualTo("kept text");
                var stores = admin.get("/stores").expect(200).body().path("stores");
                assertThat(stores.findValuesAsText("kind")).contains("redis");
                var _ = admin.deployed("shop", Packages.java("and goes on"));
                assertThat(client.call("mark", Json.object("{}")).text()).isEqualTo("and goes on");
            }
            assertThat(second.resolve("registry.db")).doesNotExist();
            var again = smcp("restore", backup, "--config", config, "--data", second.toString());
            assertThat(again.code()).isEqualTo(1);
            assertThat(again.said()).contains("under the prefix grown in Redis", "--replace");
        }
    }

    private static Map<String, String> octets() {
        return Map.of("Content-Type", "application/octet-stream");
    }

    @CanIgnoreReturnValue
    private static <T> T get(Future<T> future) throws Exception {
        return future.await(60, TimeUnit.SECONDS);
    }

    @Test
    void withoutTheKeyTheRestoreAndTheNodeSayWhatIsMissing() throws Exception {
        var backup = folder.resolve("node.backup").toString();
        var first = folder.resolve("first");
        try (var node = LocalNode.start(first);
                var admin = node.admin()) {
            var _ = admin.create("/tenants/shop", "{}").expect(201);
            var _ = admin.send("PUT", "/tenants/shop/kv/k", octets(), new byte[9])
                    .expect(200);
            var busy = smcp("backup", backup, "--data", first.toString());
            assertThat(busy.code()).isEqualTo(1);
            assertThat(busy.said()).contains("in use by process", "a running node is copied without --config");
        }
        assertThat(smcp("backup", backup, "--data", first.toString()).code()).isZero();
        assertThat(smcp("backup", backup, "--data", first.toString()).said()).contains("is there already");
        var verified = smcp("backup", "verify", backup);
        assertThat(verified.code()).isZero();
        assertThat(verified.said()).contains("values", "Whole: a backup of");

        var occupied = smcp("restore", backup, "--data", first.toString());
        assertThat(occupied.code()).isEqualTo(1);
        assertThat(occupied.said()).contains("registry.db", "--replace");

        var second = folder.resolve("second");
        var restored = smcp("restore", backup, "--data", second.toString());
        assertThat(restored.code()).as(restored.said()).isZero();
        assertThat(restored.said()).contains("will not start yet: the key-encryption key is missing");
        var process = ChildNode.begin(second);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("second.log"))).contains("the key-encryption key is missing");
    }

    @Test
    void manyValuesPassThroughASmallHeapAndAKilledRestoreLeavesNothingThatOpens() throws Exception {
        fill(folder.resolve("first"));
        var backup = folder.resolve("node.backup").toString();
        var log = folder.resolve("child.log");
        small(log, "backup", backup, "--data", folder.resolve("first").toString());

        var second = folder.resolve("second");
        var process = child(log, "restore", backup, "--data", second.toString());
        var begun = second.resolve("values.db-wal");
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(begun) && Files.size(begun) > 1 << 20);
        process.destroyForcibly();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        var node = ChildNode.begin(second);
        assertThat(node.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(node.exitValue()).isEqualTo(RunningNode.DAMAGED);
        assertThat(Files.readString(folder.resolve("second.log"))).contains("half restored", "Run smcp restore again");

        small(log, "restore", backup, "--data", second.toString());
        var vertx = Vertx.vertx();
        var stores = get(Stores.open(vertx, StoreConfig.defaults(second)));
        assertThat(get(stores.values().size(BIG)).entries()).isEqualTo(MANY + 1);
        assertThat(get(stores.values().get(BIG, "long")).orElseThrow().content().length())
                .isEqualTo(3 << 20);
        get(stores.close());
        get(vertx.close());
    }

    private static void fill(Path data) throws Exception {
        var vertx = Vertx.vertx();
        var stores = get(Stores.open(vertx, StoreConfig.defaults(data)));
        var tenant = new Tenant(BIG, false, Trust.UNTRUSTED, Limits.Wish.NONE, List.of(), 0, Instant.EPOCH);
        get(stores.registry().commit(List.of(RegistryWrite.create(RegistryKey.tenant(BIG), tenant))));
        var write = new ValueStore.Write(ValueStore.ANY, null, new ValueStore.Size(1_000_000, 1L << 40));
        var under = new ArrayList<Future<?>>();
        for (var i = 0; i < MANY; i++) {
            under.add(stores.values().put(BIG, "k" + i, Buffer.buffer("value " + i + " ".repeat(100)), write));
            if (under.size() == 2_000) {
                get(Future.all(under));
                under.clear();
            }
        }
        get(Future.all(under));
        get(stores.values().put(BIG, "long", Buffer.buffer(new byte[3 << 20]), write));
        get(stores.close());
        get(vertx.close());
    }
}
