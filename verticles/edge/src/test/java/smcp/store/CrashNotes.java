package smcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.store.Samples.get;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import smcp.contract.ChangeLog;
import smcp.contract.RegistryKey;
import smcp.contract.ValueStore;
import smcp.tenant.TenantId;

/** What the writers said was acknowledged, through all rounds, and whether it is there. */
final class CrashNotes {
    /** Numbers of one round; far more than a writer gets through. */
    static final long ROUND = 10_000_000;

    private final Set<Long> commits = new HashSet<>();
    private final Set<Long> sessions = new HashSet<>();
    private final Set<Long> spent = new HashSet<>();
    private long event = -1;
    private long position = -1;
    /** What a lane's value was when it was looked at last: the number of its operation; 0 if it had none. */
    private final Map<Integer, Long> seen = new HashMap<>();
    /** The newest acknowledged operation of each lane in this round. */
    private final Map<Integer, Long> written = new HashMap<>();

    private long base = 1;
    private long acknowledged;

    /** A new writer begins with this number. */
    long beginRound(int round) {
        base = round * ROUND + 1;
        written.clear();
        return base;
    }

    /** How many writes were acknowledged in all rounds. */
    long acknowledged() {
        return acknowledged;
    }

    /** Takes in a line of the writer; half a line, as a killed process may leave, says nothing. */
    void note(String line) {
        var words = line.split(" ", -1);
        var n = words.length < 2 || words[words.length - 1].isEmpty() ? -1 : Long.parseLong(words[words.length - 1]);
        if (n < 0) {
            return;
        }
        acknowledged++;
        switch (words[0]) {
            case "reg" -> commits.add(n);
            case "event" -> event = Math.max(event, n);
            case "session" -> sessions.add(n);
            case "spent" -> spent.add(n);
            case "position" -> position = Math.max(position, n);
            case "value" -> written.put(Integer.parseInt(words[1]), n);
            default -> acknowledged--;
        }
    }

    void check(Stores stores, String about) {
        registry(stores, about);
        events(stores, about);
        changes(stores, about);
        for (var n : sessions) {
            var found = get(stores.sessions().find(Samples.ACME, CrashPlan.session(n), Samples.T0));
            assertThat(found).as("%s: session %d", about, n).isPresent();
            assertThat(found.orElseThrow().logLevel())
                    .as("%s: session %d", about, n)
                    .isEqualTo("debug");
        }
        for (var n : spent) {
            var again = get(stores.spent().spend(Samples.ACME, CrashPlan.state(n), Instant.MAX));
            assertThat(again).as("%s: state %d could be used twice", about, n).isFalse();
        }
        for (var lane = 0; lane < CrashPlan.KEYS; lane++) {
            value(stores, about, lane);
        }
        // what was looked at once is looked at again in the next round only by sample, or rounds would grow for ever
        thin(sessions);
        thin(spent);
        thin(commits);
    }

    private static void thin(Set<Long> numbers) {
        numbers.removeIf(n -> n % 16 != 0);
    }

    private void registry(Stores stores, String about) {
        var registry = stores.registry();
        for (var n : commits) {
            var id = new TenantId(CrashPlan.tenant(n));
            assertThat(registry.get(RegistryKey.tenant(id)))
                    .as("%s: tenant %s", about, id)
                    .isNotNull();
        }
        for (var tenant : registry.list(RegistryKey.TENANTS)) {
            var id = tenant.value().id();
            assertThat(registry.get(RegistryKey.sealingKey(id)))
                    .as("%s: the other half of the commit of %s", about, id)
                    .isNotNull();
        }
    }

    private void events(Stores stores, String about) {
        var slice = get(stores.events().read(CrashWriter.STREAM, -1, 2_000, Samples.T0));
        assertThat(slice.isPresent() || event < 0).as(about).isTrue();
        slice.ifPresent(found -> {
            assertThat(found.next()).as("%s: frames", about).isGreaterThan(event);
            assertThat(found.events())
                    .as("%s: frames", about)
                    .allSatisfy(frame -> assertThat(frame.data().text()).isEqualTo(Long.toString(frame.seq())));
            assertThat(found.events()).hasSize((int) (found.next() - found.first()));
        });
    }

    private void changes(Stores stores, String about) {
        ChangeLog.Slice slice = get(stores.changes().read(Samples.ACME, Math.max(0, position - 10), 100));
        assertThat(slice.newest()).as("%s: changes", about).isGreaterThanOrEqualTo(position);
    }

    /** The value that the newest acknowledged operation left, or the one that was under way. */
    private void value(Stores stores, String about, int lane) {
        var newest = written.get(lane);
        var found = get(stores.values().get(Samples.ACME, CrashPlan.key(lane)));
        var is = found.map(ValueStore.Value::content).orElse(null);
        var before = newest == null ? seen.getOrDefault(lane, 0L) : newest;
        var underWay = newest == null ? base : newest + 1;
        assertThat(matches(lane, before, is) || matches(lane, underWay, is))
                .as(
                        "%s: %s must be as operation %d or %d left it, but is %s",
                        about,
                        CrashPlan.key(lane),
                        before,
                        underWay,
                        is == null ? "gone" : "of operation " + CrashPlan.operation(is) + ", or damaged")
                .isTrue();
        seen.put(lane, is == null ? 0L : CrashPlan.operation(is));
    }

    private static boolean matches(int lane, long operation, @Nullable Buffer is) {
        var expected = operation == 0 ? null : CrashPlan.value(lane, operation);
        return expected == null ? is == null : expected.equals(is);
    }
}
