package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.node.testing.Json;
import smcp.node.testing.LocalNode;
import smcp.node.testing.Mcp;
import smcp.node.testing.Packages;

/** Versions come and go, and leave nothing behind. */
class LeakTest {
    private static final int EACH = 100;
    private static final int WARM_UP = 3;

    @TempDir
    private Path folder;

    private LocalNode node;

    @BeforeEach
    void start() throws Exception {
        node = LocalNode.start(folder.resolve("node"));
    }

    @AfterEach
    void stop() {
        node.close();
    }

    /** What a process holds; each figure may grow by a small constant, never with the number of deploys. */
    private record Held(long classes, int threads, long processes, long descriptors, long files) {}

    private Held held() throws IOException {
        // twice: a loader is gone only when its cleaners have run too
        System.gc();
        System.gc();
        var os = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (var files = Files.walk(folder)) {
            return new Held(
                    ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
                    Thread.getAllStackTraces().size(),
                    ProcessHandle.current().descendants().count(),
                    os.getOpenFileDescriptorCount(),
                    files.count());
        }
    }

    @Test
    void twoHundredDeploysAndUndeploysLeaveNothingBehind() throws Exception {
        for (var engine : List.of("js", "java")) {
            try (var admin = node.admin()) {
                admin.openTenant(engine, "{}");
            }
            cycles(engine, 0, WARM_UP);
        }
        quiet();
        var before = held();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var both = new ArrayList<Callable<Void>>();
            for (var engine : List.of("js", "java")) {
                both.add(() -> {
                    cycles(engine, WARM_UP, WARM_UP + EACH);
                    return null;
                });
            }
            for (var done : threads.invokeAll(both, 120, TimeUnit.SECONDS)) {
                var _ = done.get();
            }
        }
        quiet();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            var after = held();
            var what = before + " became " + after;
            assertThat(tenantLoaders()).as(what).isZero();
            assertThat(after.processes()).as(what).isEqualTo(before.processes());
            assertThat(after.threads() - before.threads()).as(what).isLessThan(10);
            assertThat(after.descriptors() - before.descriptors()).as(what).isLessThan(20);
            // one class of each deploy would be a hundred
            assertThat(after.classes() - before.classes()).as(what).isLessThan(600);
            // versions are kept for a roll-back, up to a bound; what each keeps is its package
            assertThat(after.files() - before.files()).as(what).isLessThan(2L * EACH * 8);
        });
        try (var admin = node.admin()) {
            var _ = admin.delete("/tenants/js").expect(204);
            var _ = admin.delete("/tenants/java").expect(204);
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(held().files()).isLessThan(40));
    }

    private void cycles(String engine, int from, int to) throws IOException {
        try (var admin = node.admin();
                var client = Mcp.modern(node.port(), engine)) {
            for (var i = from; i < to; i++) {
                var _ = admin.deployed(engine, Packages.probe(engine, "m" + i));
                assertThat(client.call("mark", Json.object("{}")).text()).isEqualTo("m" + i);
                var _ = admin.undeploy(engine).expect(200);
            }
        }
    }

    /** Until everything that ends in the background has ended. */
    private static void quiet() {
        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            assertThat(tenantThreads()).isEmpty();
            assertThat(ProcessHandle.current().descendants().count()).isZero();
        });
    }

    private static Set<String> tenantThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("tenant-"))
                .collect(Collectors.toSet());
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

    @ParameterizedTest
    @ValueSource(strings = {"js", "java"})
    void aVersionHasItsOwnNamedPoolForAsLongAsItIsAwake(String engine) throws Exception {
        var tenant = "pool-" + engine;
        var series = "smcp_runtime_pool_busy{tenant=\"" + tenant + "\",version=\"1\"}";
        try (var admin = node.admin();
                var client = Mcp.modern(node.port(), tenant)) {
            admin.openTenant(tenant, "{'idleMs':1000}");
            var _ = admin.deployed(tenant, Packages.probe(engine, "1"));
            assertThat(client.call("mark", Json.object("{}")).ok()).isTrue();
            assertThat(tenantThreads())
                    .isNotEmpty()
                    .allMatch(name -> name.startsWith("tenant-" + tenant + "-v1-"), "named after tenant and version");
            assertThat(admin.metrics()).contains(series);
            // asleep means undeployed
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                assertThat(tenantThreads()).isEmpty();
                assertThat(admin.metrics()).doesNotContain(series);
            });
            assertThat(client.call("mark", Json.object("{}")).ok()).isTrue();
            assertThat(admin.metrics()).contains(series);
            var _ = admin.undeploy(tenant).expect(200);
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                assertThat(tenantThreads()).isEmpty();
                assertThat(admin.metrics()).doesNotContain(series);
            });
        }
    }
}
