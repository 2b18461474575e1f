package smcp.store.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.get;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.protocol.Json;
import smcp.store.RegistryStore.Change;
import smcp.store.quorum.Group.Node;

/** Three members, each link of which can be cut. */
class QuorumLossTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    private static Path directory;

    private static Group group;

    @BeforeAll
    static void begin() {
        group = Group.of(directory, 3).proxied().start();
    }

    @AfterAll
    static void end() {
        group.close();
    }

    @AfterEach
    void heal() {
        group.heal();
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(group.nodes.values())
                    .allSatisfy(each ->
                            assertThat(each.store.health().getFirst().trouble()).isNull());
            assertThat(group.nodes.values())
                    .extracting(each -> Map.copyOf(each.live))
                    .allMatch(group.node("n1").live::equals);
        });
    }

    private static List<Node> others(Node node) {
        return group.nodes.values().stream().filter(each -> each != node).toList();
    }

    @Test
    void noUpdateIsLostWhoeverWrites() {
        get(group.node("n1").create("counter", "0"));
        try (var threads = Executors.newFixedThreadPool(3)) {
            var all = group.nodes.values().stream()
                    .map(node -> threads.submit(() -> {
                        for (var i = 0; i < 20; ) {
                            i += raised(node) ? 1 : 0;
                        }
                        return true;
                    }))
                    .toList();
            assertThat(all).allSatisfy(each -> assertThat(each.get()).isTrue());
        }
        // n1 hears of what others wrote last when it is told of the commit, a moment after them
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(group.node("n1").live.get("counter"))
                        .isNotNull()
                        .extracting(each -> Objects.requireNonNull(each.json()).text())
                        .isEqualTo("60"));
    }

    private static boolean raised(Node node) {
        await().atMost(SOON).until(() -> node.live.containsKey("counter"));
        var was = node.live.get("counter");
        if (was == null || was.json() == null) {
            throw new AssertionError("the counter is gone");
        }
        var next = Json.of(Integer.toString(Integer.parseInt(was.json().text()) + 1));
        try {
            get(node.store.commit(List.of(new Change("counter", was.revision(), next))));
            return true;
        } catch (Fault e) {
            assertThat(e.kind()).isEqualTo(Kind.CONFLICT);
            return false;
        }
    }

    @Test
    void whatWasAcknowledgedIsThereWhenTheLeaderIsLostInMidLoad() throws Exception {
        var leader = group.leader();
        var rest = others(leader);
        var acknowledged = new ConcurrentHashMap<String, Long>();
        var unsure = ConcurrentHashMap.<String>newKeySet();
        var on = new AtomicBoolean(true);
        try (var threads = Executors.newFixedThreadPool(3)) {
            for (var node : group.nodes.values()) {
                var _ = threads.submit(() -> {
                    for (var i = 0; on.get(); i++) {
                        write(node, "load/" + node.name + "/" + i, acknowledged, unsure);
                    }
                });
            }
            try {
                await().atMost(SOON).until(() -> acknowledged.size() > 100);
                group.isolate(leader.name);
                var lost = System.nanoTime();
                await().atMost(SOON)
                        .until(() -> rest.stream()
                                .allMatch(each -> acknowledged.entrySet().stream()
                                        .anyMatch(known -> known.getKey().startsWith("load/" + each.name)
                                                && known.getValue() > lost)));
            } finally {
                on.set(false);
                group.heal();
            }
        }
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(group.nodes.values())
                        .allSatisfy(each -> assertThat(each.live.keySet()).containsAll(acknowledged.keySet())));
        // what is there beyond that was answered as uncertain, and nothing is there twice
        var there = new HashMap<>(leader.live);
        there.keySet().removeIf(path -> !path.startsWith("load/"));
        there.keySet().removeAll(acknowledged.keySet());
        assertThat(unsure).containsAll(there.keySet());
        assertThat(leader.heard.stream()
                        .flatMap(List::stream)
                        .filter(each -> each.path().startsWith("load/"))
                        .map(each -> each.path() + each.revision()))
                .doesNotHaveDuplicates();
    }

    private static void write(Node node, String path, Map<String, Long> acknowledged, Set<String> unsure) {
        try {
            get(node.create(path, "{}"));
            acknowledged.put(path, System.nanoTime());
        } catch (Fault e) {
            assertThat(e.kind()).isEqualTo(Kind.STORE_UNAVAILABLE);
            if (e.message().contains("uncertain")) {
                unsure.add(path);
            }
        }
    }

    @Test
    void aMinorityServesAndRefusesAndWhatWasDeletedMeanwhileStaysDeleted() {
        var alone = group.leader();
        var other = others(alone).getFirst();
        get(alone.create("key/revoked", "{}"));
        get(alone.create("key/kept", "{\"a\":1}"));
        await().atMost(SOON).until(() -> other.live.containsKey("key/revoked") && other.live.containsKey("key/kept"));
        group.silence(alone.name);

        await().atMost(SOON).until(() -> trouble(alone) != null);
        var began = System.nanoTime();
        assertFault(alone.create("key/new", "{}"), Kind.STORE_UNAVAILABLE)
                .hasMessageContaining("1 of its 3 members is here (" + alone.name + ")")
                .hasMessageContaining("2 are needed")
                .hasMessageContaining("nothing was written");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(500));
        assertThat(alone.live).containsKeys("key/revoked", "key/kept");

        get(other.delete("key/revoked"));
        get(other.store.commit(List.of(new Change("key/kept", other.revision("key/kept"), Json.of("{\"a\":2}")))));
        assertThat(alone.live).containsKey("key/revoked");
        group.heal();

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(alone.live).doesNotContainKeys("key/revoked", "key/new");
            assertThat(alone.live.get("key/kept")).isEqualTo(other.live.get("key/kept"));
            assertThat(trouble(alone)).isNull();
        });
        get(alone.create("key/new", "{}"));
        assertThat(other.live).doesNotContainKey("key/revoked");
    }

    private static @Nullable Fault trouble(Node node) {
        return node.store.health().getFirst().trouble();
    }
}
