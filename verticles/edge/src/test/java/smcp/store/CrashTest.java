package smcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.store.Samples.get;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import smcp.contract.RegistryKey;
import smcp.tenant.TenantId;

/** Kills a writing process at random moments. What it said was acknowledged must be there, and no half of a commit. */
class CrashTest {
    private static final long SEED = 20_260_728;
    private static final int ROUNDS = 20;

    @TempDir
    Path directory;

    private int lastCommit = -1;
    private long lastEvent = -1;

    @Test
    @Timeout(120)
    void whatWasAcknowledgedSurvivesTheKill() throws Exception {
        var random = new Random(SEED);
        var data = directory.resolve("data");
        var vertx = Vertx.vertx();
        try {
            for (var round = 0; round < ROUNDS; round++) {
                killAfter(CrashWriter.start(data, random.nextLong()), 1 + random.nextInt(400));
                verify(vertx, data, round);
            }
        } finally {
            get(vertx.close());
        }
        assertThat(lastCommit).isGreaterThan(ROUNDS);
        assertThat(lastEvent).isGreaterThan(ROUNDS);
    }

    /** Kills the process when it has said {@code lines} more than that it is open, and takes in all it said before it died. */
    private void killAfter(Process writer, int lines) throws IOException, InterruptedException {
        try (var said = writer.inputReader()) {
            var count = 0;
            for (var line = said.readLine(); line != null; line = said.readLine()) {
                note(line);
                if (count++ == lines) {
                    var _ = writer.toHandle().destroyForcibly(); // Process.destroyForcibly would close what we read
                }
            }
        }
        assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private void note(String line) {
        var words = line.split(" ", -1);
        if (words.length != 2 || words[1].isEmpty()) {
            return;
        }
        if (words[0].equals("reg")) {
            lastCommit = Math.max(lastCommit, Integer.parseInt(words[1]));
        } else if (words[0].equals("event")) {
            lastEvent = Math.max(lastEvent, Long.parseLong(words[1]));
        }
    }

    private void verify(Vertx vertx, Path data, int round) {
        var stores = get(Stores.open(vertx, StoreConfig.defaults(data)));
        try {
            var registry = stores.registry();
            var tenants = registry.list(RegistryKey.TENANTS);
            assertThat(tenants).as("seed %d, round %d", SEED, round).hasSizeGreaterThan(lastCommit);
            for (var n = 0; n < tenants.size(); n++) {
                var id = new TenantId(CrashWriter.name(n));
                assertThat(registry.get(RegistryKey.tenant(id)))
                        .as("tenant %s", id)
                        .isNotNull();
                assertThat(registry.get(RegistryKey.sealingKey(id)))
                        .as("key of %s", id)
                        .isNotNull();
            }
            var slice = get(stores.events().read(CrashWriter.STREAM, -1, 2_000, Samples.T0));
            assertThat(slice.isPresent() || lastEvent < 0).isTrue();
            slice.ifPresent(found -> {
                assertThat(found.next()).as("seed %d, round %d", SEED, round).isGreaterThan(lastEvent);
                assertThat(found.events())
                        .allSatisfy(event -> assertThat(event.data().text()).isEqualTo(Long.toString(event.seq())));
                assertThat(found.events()).hasSize((int) (found.next() - found.first()));
            });
        } finally {
            get(stores.close());
        }
    }
}
