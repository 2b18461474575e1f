package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import smcp.node.testing.ChildNode;
import smcp.node.testing.Json;
import smcp.node.testing.Mcp;
import smcp.node.testing.Packages;

/** How a node begins, and how it ends. */
class StartStopTest {
    private static final Path DATA = Path.of(".smcp");
    private static final Path RUNNER = Path.of("tenant-js/runner.mjs");
    private static final NodeConfig DEFAULTS = NodeConfig.defaults(DATA, RUNNER);

    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("node.yaml"), text);
    }

    @Test
    void everythingThatIsWrongWithAFileIsSaidAtOnce() throws Exception {
        var file = file("""
            node: {regoin: x, pageSize: 0, drainSeconds: soon}
            ingress:
              port: "8080"
              maxDepth: 1
              bodyTimeout: quickly
              keepAlive: 1h
              hosts: a.example.com
              host:
            control: {host: 0.0.0.0, port: 70000}
            store: {kind: papyrus, bounds: {changes: 0}, packages: 5}
            rooter: {}
            """);
        assertThatThrownBy(() -> ConfigFile.read(file, DEFAULTS))
                .isInstanceOfSatisfying(
                        ConfigFile.Wrong.class,
                        wrong -> assertThat(wrong.problems())
                                .satisfiesExactlyInAnyOrder(
                                        one -> assertThat(one)
                                                .startsWith("node.regoin is no key")
                                                .contains("region"),
                                        one -> assertThat(one).isEqualTo("node.pageSize must be 1 to 10000, got 0"),
                                        one -> assertThat(one).startsWith("node.drainSeconds must be a whole number"),
                                        one -> assertThat(one).startsWith("ingress.port must be a whole number"),
                                        one -> assertThat(one).isEqualTo("ingress.maxDepth must be 8 to 1000, got 1"),
                                        one -> assertThat(one)
                                                .startsWith("ingress.bodyTimeout must be a duration such as")
                                                .contains("quickly"),
                                        one -> assertThat(one).startsWith("ingress.keepAlive must be 100 ms to 25 s"),
                                        one -> assertThat(one).startsWith("ingress.hosts must be a list"),
                                        one -> assertThat(one).startsWith("ingress.host must have a value"),
                                        one -> assertThat(one).startsWith("control.host must be a loopback address"),
                                        one -> assertThat(one).isEqualTo("control.port must be 0 to 65535, got 70000"),
                                        one -> assertThat(one)
                                                .startsWith("store.kind")
                                                .contains("sqlite, memory")
                                                .contains("papyrus"),
                                        one -> assertThat(one).startsWith("store.bounds.changes must be 1 to"),
                                        one -> assertThat(one).isEqualTo("store.packages must be a block of keys"),
                                        one -> assertThat(one).startsWith("rooter is no key")));
    }

    @Test
    void aClusterSharesItsStateAndMayKeepPackagesInFiles() throws Exception {
        var cluster = """
            cluster: {enabled: true, discovery: {members: [127.0.0.1]}, secret: s, insecurePlaintext: true}
            blobs: {kind: files}
            """;
        assertThat(ConfigFile.read(file(cluster + "store: {kind: redis}\n"), DEFAULTS)
                        .cluster()
                        .enabled())
                .isTrue();
        assertThatThrownBy(() -> ConfigFile.read(file(cluster), DEFAULTS))
                .isInstanceOfSatisfying(
                        ConfigFile.Wrong.class,
                        wrong -> assertThat(wrong.problems())
                                .singleElement()
                                .asString()
                                .startsWith("store.kind must be redis"));
    }

    @Test
    void aKeyThatIsSaidTwiceAndAFileThatIsNoYamlAreRefusedWithTheirLine() throws Exception {
        var twice = file("node:\n  pageSize: 1\n  pageSize: 2\n");
        assertThatThrownBy(() -> ConfigFile.read(twice, DEFAULTS))
                .hasMessageContaining("node.yaml:3")
                .hasMessageContaining("pageSize");
        var broken = file("node: [\n");
        assertThatThrownBy(() -> ConfigFile.read(broken, DEFAULTS)).hasMessageContaining("node.yaml:");
        assertThatThrownBy(() -> ConfigFile.read(folder.resolve("none.yaml"), DEFAULTS))
                .hasMessageContaining("none.yaml cannot be read: there is no such file");
        var bytes = Files.write(folder.resolve("bytes.yaml"), new byte[] {(byte) 0xff});
        assertThatThrownBy(() -> ConfigFile.read(bytes, DEFAULTS))
                .hasMessageContaining("bytes.yaml cannot be read: it is no text in UTF-8");
        var late = Files.writeString(folder.resolve("long.yaml"), "audit: {sync: 90s}");
        assertThatThrownBy(() -> ConfigFile.read(late, DEFAULTS))
                .hasMessageContaining("audit.sync must be 0s to 1m, got 90s");
    }

    @Test
    void aNodeWithAWrongFileSaysAllAndDoesNotStart() throws Exception {
        var file = file("ingress: {port: -1}\nnode: {region: \"?\"}\n");
        var process = ChildNode.begin(folder.resolve("data"), "--config", file.toString());
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(Files.readString(folder.resolve("data.log")))
                .contains("smcp: ingress.port must be 0 to 65535, got -1")
                .contains("smcp: node.region must match [a-z0-9-]{1,32}, got \"?\"");
    }

    /** The file says everything itself: what it is read over does not matter, but for what depends on the machine. */
    @Test
    void theFileThatComesWithTheProgramHoldsTheDefaults() throws Exception {
        var other = ConfigFile.read(resource("other.yaml"), DEFAULTS);
        var read = ConfigFile.read(Path.of("../conf/node.yaml"), other);
        var expected = new HashMap<>(leaves(DEFAULTS));
        var machine = List.of("store.dataDir", "control.uploads", "audit.directory", "js.runner");
        machine.forEach(
                key -> expected.put(key, Objects.requireNonNull(leaves(other).get(key))));
        assertThat(leaves(read)).isEqualTo(expected);
        assertThat(ConfigFile.read(Path.of("../conf/node.yaml"), DEFAULTS)).isEqualTo(DEFAULTS);
        var text = Files.readString(Path.of("../conf/node.yaml"));
        assertThat(text).contains("# dataDir: " + DATA, "# uploads: " + DATA.resolve("uploads"), "# runner: " + RUNNER);
    }

    @Test
    void everyKeyOfTheFileHasAComment() throws Exception {
        var lines = Files.readAllLines(Path.of("../conf/node.yaml"));
        var key = Pattern.compile("( *)(# )?[A-Za-z]+:.*");
        // three names say all there is
        var plain = List.of("maxBytes", "maxUnpackedBytes");
        for (var i = 1; i < lines.size(); i++) {
            var line = lines.get(i);
            if (key.matcher(line).matches() && plain.stream().noneMatch(line::contains)) {
                assertThat(lines.get(i - 1).strip())
                        .as("the line above \"" + line + "\"")
                        .startsWith("#");
            }
        }
    }

    @Test
    void aFileWithEveryKeyAwayFromItsDefaultIsReadBackSo() throws Exception {
        var read = leaves(ConfigFile.read(resource("other.yaml"), DEFAULTS));
        var defaults = leaves(DEFAULTS);
        // a block that is nothing by default has keys only here
        defaults.forEach(
                (key, _) -> assertThat(read.keySet()).as(key).anyMatch(one -> (one + ".").startsWith(key + ".")));
        // each stands in the place of another one
        var either = Set.of("cluster.insecurePlaintext", "cluster.discovery.dns", "cluster.discovery.kubernetes");
        read.forEach((key, value) -> {
            if (!either.contains(key)) {
                assertThat(value).as(key).isNotEqualTo(defaults.get(key));
            }
        });
        assertThat(read)
                .containsEntry("ingress.keepAlive", Duration.ofMillis(250).toString())
                .containsEntry("sessions.askLife", Duration.ofMinutes(3).toString())
                .containsEntry("store.kind", "REDIS")
                .containsEntry("router.costs.hop", Duration.ofNanos(301_000).toString())
                .containsEntry("ingress.publicUrl", "https://mcp.example.com")
                .containsEntry("js.flags", "[--max-old-space-size=32]");
    }

    @Test
    void whatLiesInTheDataDirectoryFollowsIt() throws Exception {
        var options = new NodeOptions();
        options.config = file("store: {dataDir: /var/lib/smcp}\n");
        assertThat(options.read().control().uploads()).isEqualTo(Path.of("/var/lib/smcp/uploads"));
        options.data = Path.of("/srv/smcp");
        assertThat(options.read().store().dataDir()).isEqualTo(Path.of("/srv/smcp"));
        assertThat(options.read().control().uploads()).isEqualTo(Path.of("/srv/smcp/uploads"));
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(StartStopTest.class.getResource("/" + name))
                .toURI());
    }

    /** Every key with its value as text, found through the records, so that a new one cannot be forgotten. */
    private static Map<String, String> leaves(Record config) {
        var found = new HashMap<String, String>();
        collect("", config, found);
        return found;
    }

    private static void collect(String path, Record config, Map<String, String> into) {
        Stream.of(config.getClass().getRecordComponents()).forEach(component -> {
            var value = value(config, component);
            if (value instanceof Record block) {
                collect(path + component.getName() + ".", block, into);
            } else {
                into.put(path + component.getName(), String.valueOf(value));
            }
        });
    }

    private static Object value(Record config, RecordComponent component) {
        try {
            return Objects.requireNonNullElse(component.getAccessor().invoke(config), "nothing");
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    @Test
    void aSecondNodeOnTheSameDataIsRefused() throws Exception {
        var data = folder.resolve("data");
        try (var first = ChildNode.start(data)) {
            var second = ChildNode.begin(data);
            assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(second.exitValue()).isEqualTo(1);
            var said = Files.readAllLines(folder.resolve("data.log")).stream()
                    .filter(line -> line.startsWith("smcp: "))
                    .toList();
            assertThat(said)
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .contains(data.toRealPath().toString())
                            .contains(String.valueOf(first.process().pid())));
            try (var admin = first.admin()) {
                assertThat(admin.get("/node").status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--port, the data plane cannot listen on 127.0.0.1:%d: , --port or ingress.port",
        "--admin-port, the control plane cannot listen on 127.0.0.1:%d: , --admin-port or control.port"
    })
    void aPortThatIsTakenIsNamedWithTheOptionThatChangesIt(String option, String what, String change) throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = taken.getLocalPort();
            var process = ChildNode.begin(folder.resolve("data"), option, String.valueOf(port));
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(Files.readString(folder.resolve("data.log")))
                    .contains("smcp: the node did not start: " + what.formatted(port), change)
                    .doesNotContain("node stopped");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "foo=nowhere, cannot read nowhere: there is no such folder or file",
        "foo=src, src is no package: there is no smcp.json in it",
        "Foo=src, got \"Foo\""
    })
    void aTenantThatCannotBeDeployedIsSaidBeforeANodeStarts(String tenant, String why) throws Exception {
        var said = new ByteArrayOutputStream();
        var err = System.err;
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            var data = folder.resolve("data");
            assertThat(Main.commandLine().execute("dev", "--data", data.toString(), "--tenant", tenant))
                    .isEqualTo(2);
            assertThat(said.toString(StandardCharsets.UTF_8))
                    .startsWith("smcp: --tenant " + tenant + ": ")
                    .contains(why)
                    .hasLineCount(1);
            assertThat(data).doesNotExist();
        } finally {
            System.setErr(err);
        }
    }

    @Test
    void aNodeWhoseStateIsDamagedSaysWhichFileAndWhatToDoAndEndsWithACodeOfItsOwn() throws Exception {
        var data = Files.createDirectory(folder.resolve("data"));
        Files.writeString(data.resolve("registry.db"), "no database at all ".repeat(500));
        var process = ChildNode.begin(data);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(RunningNode.DAMAGED);
        assertThat(Files.readString(folder.resolve("data.log")))
                .contains(
                        "smcp: the node did not start: registry.db: the file is damaged (",
                        "smcp restore BACKUP --replace");
    }

    @Test
    void theOperatorsTokenIsForTheNodesUserOnlyAndStaysTheSame() throws Exception {
        var data = folder.resolve("data");
        String token;
        try (var node = ChildNode.start(data)) {
            token = node.token();
            for (var name : List.of("operator.token", "node.key")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(name))))
                        .as(name)
                        .isEqualTo("rw-------");
            }
            node.kill();
        }
        try (var node = ChildNode.start(data);
                var admin = node.admin()) {
            assertThat(node.token()).isEqualTo(token);
            assertThat(admin.get("/tenants").status()).isEqualTo(200);
        }
    }

    @Test
    void aNodeThatIsToldToStopFinishesItsCallsAndStreams() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var node = ChildNode.start(folder.resolve("data"));
                var admin = node.admin()) {
            var calls = new ArrayList<Future<Mcp.Answer>>();
            for (var engine : List.of("js", "java")) {
                admin.openTenant(engine, "{'concurrency':2}");
                var _ = admin.deployed(engine, Packages.probe(engine, "1"));
                // two run and two wait for their turn
                for (var client : List.of(
                        Mcp.modern(node.port(), engine),
                        Mcp.legacy(node.port(), engine),
                        Mcp.modern(node.port(), engine),
                        Mcp.legacy(node.port(), engine))) {
                    calls.add(threads.submit(waiting(client)));
                }
            }
            try (var idle = Mcp.modern(node.port(), "js");
                    var listening = Mcp.modern(node.port(), "js");
                    var asked = Mcp.legacy(node.port(), "js")) {
                assertThat(idle.post(idle.request("1", "tools/list", Json.object("{}")))
                                .json()
                                .has("result"))
                        .isTrue();
                var listen = listening.post(listening.request(
                        "\"l\"", "subscriptions/listen", Json.object("{'notifications':{'toolsListChanged':true}}")));
                var acknowledged = Objects.requireNonNull(listen.next()).json();
                assertThat(acknowledged.path("method").asText()).isEqualTo("notifications/subscriptions/acknowledged");
                // someone whose user is thinking does not hold the node up
                var thinking = asked.post(asked.toolCall("1", "ask", Json.object("{}"), null));
                assertThat(thinking.streams()).isTrue();
                await().untilAsserted(() -> assertThat(admin.metrics()).contains("smcp_calls_running 4.0"));
                var told = System.nanoTime();
                node.process().destroy();
                var graceful = listen.events().getLast().json();
                assertThat(graceful.path("id").asText()).isEqualTo("l");
                assertThat(graceful.has("result")).as(graceful.toString()).isTrue();
                for (var call : calls) {
                    var answer = call.get(10, TimeUnit.SECONDS);
                    assertThat(answer.text()).as(answer.toString()).isEqualTo("1");
                }
                assertThat(node.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
                assertThat(Duration.ofNanos(System.nanoTime() - told)).isLessThan(Duration.ofSeconds(8));
                assertThat(node.process().exitValue()).isIn(0, 143);
            }
        }
    }

    private static Callable<Mcp.Answer> waiting(Mcp client) {
        return () -> {
            try (client) {
                return client.call("wait", Json.object("{'ms':1200}"));
            }
        };
    }

    @Test
    void aCallThatTakesTooLongDoesNotHoldTheNodeUp() throws Exception {
        var file = file("node: {drainSeconds: 1}\n");
        try (var node = ChildNode.start(folder.resolve("data"), "--config", file.toString());
                var admin = node.admin()) {
            admin.openTenant("js", "{}");
            var _ = admin.deployed("js", Packages.js("1"));
            try (var client = Mcp.modern(node.port(), "js")) {
                var call = client.toolCall("1", "wait", Json.object("{'ms':50000}"), null);
                var headers = new HashMap<>(client.headers());
                headers.put("Mcp-Method", "tools/call");
                headers.put("Mcp-Name", "wait");
                var body = call.toString().getBytes(StandardCharsets.UTF_8);
                headers.put("Content-Length", String.valueOf(body.length));
                client.http.begin("POST", client.path(), headers);
                client.http.write(body);
                await().untilAsserted(() -> assertThat(admin.metrics()).contains("smcp_calls_running 1.0"));
                var tenants = node.process().descendants().toList();
                node.process().destroy();
                assertThat(node.process().waitFor(6, TimeUnit.SECONDS)).isTrue();
                assertThat(node.process().exitValue()).isIn(0, 143);
                assertThat(tenants).isNotEmpty().noneMatch(ProcessHandle::isAlive);
            }
        }
    }
}
