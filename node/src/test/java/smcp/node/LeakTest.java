package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.node.testing.Admin;
import smcp.node.testing.Json;
import smcp.node.testing.LocalNode;
import smcp.node.testing.Mcp;
import smcp.node.testing.Packages;

/** Versions come and go, and leave nothing behind. */
class LeakTest {
    private static final List<String> TENANTS = List.of("js-1", "js-2", "java-1", "java-2");
    /** Deploys of each tenant, in two halves. The first is also the warm-up of what is shared by all. */
    private static final int HALF = 25;
    /** Shared by all versions, filled as work comes and bounded by their makers: the JVM's, Vert.x' and the tests' own. */
    private static final Pattern BOUNDED = Pattern.compile(
            "(ForkJoinPool.*|process reaper|vert\\.x-worker-thread-1?\\d|vert\\.x-eventloop-thread-\\d+|vert\\.x-internal-blocking-1?\\d|smcp-store-.*-read-\\d|smcp-packages-.*"
                    + "|awaitility-thread|globalEventExecutor-.*|Cleaner-\\d|VirtualThread-unblocker|.*Poller|Attach Listener)");

    @TempDir
    private Path folder;

    private LocalNode node;

    @BeforeEach
    void start() throws Exception {
        node = LocalNode.start(folder.resolve("node"));
    }

    /** Servers that other tests of this process leave to it. */
    private final Set<ProcessHandle> others =
            ProcessHandle.current().descendants().collect(Collectors.toSet());

    @AfterEach
    void stop() {
        node.close();
    }

    /** What a process holds. */
    private record Held(long loaders, long classes, Set<String> threads, long processes, long descriptors) {
        static Held now() throws Exception {
            // twice: a loader is gone only when its cleaners have run too
            System.gc();
            System.gc();
            var os = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            return new Held(
                    tenantLoaders(),
                    ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
                    threadsNamed(name -> !BOUNDED.matcher(name).matches()),
                    ProcessHandle.current().descendants().count(),
                    os.getOpenFileDescriptorCount());
        }
    }

    @Test
    void twoHundredDeploysAndUndeploysLeaveNothingBehind() throws Exception {
        var filesBefore = files();
        try (var admin = node.admin()) {
            for (var tenant : TENANTS) {
                admin.openTenant(tenant, "{}");
            }
        }
        deployAndUndeploy(0, HALF);
        quiet();
        var before = Held.now();
        deployAndUndeploy(HALF, 2 * HALF);
        quiet();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            var after = Held.now();
            var what = before + " became " + after;
            assertThat(after.loaders()).as(what).isZero();
            assertThat(after.processes()).as(what).isLessThanOrEqualTo(others.size());
            assertThat(before.threads()).as(what).containsAll(after.threads());
            // a hundred deploys lie between: what grows with them is a leak, whatever connections and late classes come
            // and go
            assertThat(after.descriptors() - before.descriptors()).as(what).isLessThan(20);
            assertThat(after.classes() - before.classes()).as(what).isLessThan(50);
        });
        try (var admin = node.admin()) {
            for (var tenant : TENANTS) {
                var _ = admin.delete("/tenants/" + tenant).expect(204);
            }
        }
        // versions are kept for a roll-back, and go with their tenant
        await().atMost(Duration.ofSeconds(20))
                // a folder that goes while it is being listed
                .ignoreException(UncheckedIOException.class)
                .untilAsserted(() -> assertThat(files()).isEqualTo(filesBefore));
    }

    private void deployAndUndeploy(int from, int to) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Callable<Void>>();
            for (var tenant : TENANTS) {
                all.add(() -> {
                    cycles(tenant, from, to);
                    return null;
                });
            }
            for (var done : threads.invokeAll(all, 120, TimeUnit.SECONDS)) {
                var _ = done.get();
            }
        }
    }

    private void cycles(String tenant, int from, int to) throws IOException {
        try (var admin = node.admin();
                var client = Mcp.modern(node.port(), tenant)) {
            for (var i = from; i < to; i++) {
                var mark = tenant + " " + i;
                var _ = admin.deployed(tenant, Packages.probe(engine(tenant), mark));
                assertThat(client.call("mark", Json.object("{}")).text()).isEqualTo(mark);
                var _ = admin.undeploy(tenant).expect(200);
            }
        }
    }

    private static String engine(String tenant) {
        return tenant.startsWith("js") ? "js" : "java";
    }

    /** Everything but what SQLite makes beside its databases as it likes. */
    private Set<String> files() throws IOException {
        try (var files = Files.walk(folder)) {
            return files.map(file -> folder.relativize(file).toString())
                    .filter(name -> !name.endsWith("-wal") && !name.endsWith("-shm"))
                    // the folders that blobs are spread over stay, at most 256
                    .filter(name -> !name.matches("node/blobs/[0-9a-f]{2}"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Until everything that ends in the background has ended. */
    private void quiet() {
        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            assertThat(threadsNamed(name -> name.startsWith("tenant-"))).isEmpty();
            assertThat(ProcessHandle.current().descendants().filter(process -> !others.contains(process)))
                    .isEmpty();
        });
    }

    private static Set<String> threadsNamed(Predicate<String> which) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(which)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Instances that are alive, counted by the JVM itself. */
    private static long tenantLoaders() throws Exception {
        var histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new javax.management.ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        return histogram
                .lines()
                .filter(line -> line.contains("smcp.engine.TenantLoader ") || line.endsWith("smcp.engine.TenantLoader"))
                .mapToLong(line -> Long.parseLong(line.strip().split("\\s+", 4)[1]))
                .sum();
    }

    /** Two versions of one tenant, an old one whose call still runs beside the new one, and a neighbour: each is a deployment with a pool of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"js", "java"})
    void everyAwakeVersionHasItsOwnNamedPoolInThreadsAndMetrics(String engine) throws Exception {
        try (var admin = node.admin();
                var slow = Mcp.modern(node.port(), "pool");
                var client = Mcp.modern(node.port(), "pool");
                var neighbour = Mcp.modern(node.port(), "neighbour");
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var tenant : List.of("pool", "neighbour")) {
                admin.openTenant(tenant, "{'idleMs':1000}");
                var _ = admin.deployed(tenant, Packages.probe(engine, "1"));
            }
            var running = threads.submit(() -> slow.call("wait", Json.object("{'ms':700}")));
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(admin.metrics()).contains("smcp_calls_running 1.0"));
            var _ = admin.deployed("pool", Packages.probe(engine, "2"));
            assertThat(client.call("mark", Json.object("{}")).text()).isEqualTo("2");
            assertThat(neighbour.call("mark", Json.object("{}")).text()).isEqualTo("1");
            assertThat(pools()).containsExactly("tenant-neighbour-v1", "tenant-pool-v1", "tenant-pool-v2");
            assertThat(series(admin)).containsExactly("neighbour 1", "pool 1", "pool 2");
            assertThat(running.get(10, TimeUnit.SECONDS).text()).isEqualTo("1");
            // what is retired goes with its last call, and asleep means undeployed
            gone(admin);
            assertThat(client.call("mark", Json.object("{}")).text()).isEqualTo("2");
            assertThat(pools()).containsExactly("tenant-pool-v2");
            assertThat(series(admin)).containsExactly("pool 2");
            var _ = admin.undeploy("pool").expect(200);
            gone(admin);
        }
    }

    private static void gone(Admin admin) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(pools()).isEmpty();
            assertThat(series(admin)).isEmpty();
        });
    }

    /** By the names of their threads. */
    private static Set<String> pools() {
        return threadsNamed(name -> name.startsWith("tenant-")).stream()
                .map(name -> name.substring(0, name.lastIndexOf('-')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** By what the metrics say. */
    private static Set<String> series(Admin admin) throws IOException {
        var pool = Pattern.compile("smcp_runtime_pool_busy\\{tenant=\"([^\"]+)\",version=\"(\\d+)\"} \\d+\\.0");
        return admin.metrics()
                .lines()
                .map(pool::matcher)
                .filter(Matcher::matches)
                .map(found -> found.group(1) + " " + found.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
