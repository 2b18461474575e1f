package smcp.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import smcp.contract.Loads;
import smcp.contract.NodeStatus;
import smcp.tenant.VersionRef;

class StatusWriterTest {
    private final List<Loads.Load> loads = new ArrayList<>();
    private final StatusWriter writer = new StatusWriter(
            Samples.member("here", "r", "z"),
            new Loads() {
                @Override
                public boolean free(VersionRef version) {
                    return false;
                }

                @Override
                public @Nullable Load of(VersionRef version) {
                    return null;
                }

                @Override
                public List<Load> all() {
                    return List.copyOf(loads);
                }

                @Override
                public void onChange(Runnable changed) {
                    // asked by the test
                }
            },
            RouterConfig.Facts.DEFAULT);

    private NodeStatus next(double atMillis) {
        return writer.next(false, false, 0, Samples.millis(atMillis), false);
    }

    @Test
    void theFirstReportHasEverythingAndTheNextOnlyWhatChanged() {
        loads.add(Samples.awake(Samples.ACME, 1, 0));
        assertThat(next(0).whole()).isTrue();
        var quiet = next(250);
        assertThat(quiet.whole()).isFalse();
        assertThat(quiet.loads()).isEmpty();
        assertThat(quiet.number()).isEqualTo(2);
        loads.set(0, Samples.awake(Samples.ACME, 2, 0));
        assertThat(next(500).loads()).containsExactly(loads.getFirst());
        loads.clear();
        assertThat(next(750).asleep()).containsExactly(Samples.ACME);
        assertThat(next(1_000).asleep()).isEmpty();
    }

    @Test
    void nowAndThenAndForStrangersEverythingIsTold() {
        loads.add(Samples.awake(Samples.ACME, 1, 0));
        assertThat(next(0).whole()).isTrue();
        assertThat(next(2_999).whole()).isFalse();
        assertThat(next(3_000).whole()).isTrue();
        assertThat(writer.next(false, false, 0, Samples.millis(3_100), true).whole())
                .isTrue();
    }

    @Test
    void aReportIsBoundedAndHasTheBusiest() throws IOException {
        for (var i = 0; i < 5_000; i++) {
            loads.add(Samples.awake(Samples.version("tenant-with-a-long-name-" + i), i % 9, i % 60));
        }
        var status = next(0);
        assertThat(status.loads()).hasSize(2_000);
        assertThat(status.awake()).isEqualTo(5_000);
        var told = status.loads().stream().mapToInt(Loads.Load::calls).min().orElse(0);
        var all = loads.stream().mapToInt(Loads.Load::calls).sorted().toArray();
        assertThat(told).isEqualTo(all[3_000]);
        assertThat(new ObjectMapper().writeValueAsBytes(status)).hasSizeLessThan(300_000);
    }

    @Test
    void aReportSurvivesTheWire() throws IOException {
        loads.add(Samples.awake(Samples.ACME, 1, 2));
        loads.add(Samples.starting(Samples.version("other"), 3));
        var json = new ObjectMapper();
        var status = next(0);
        assertThat(json.readValue(json.writeValueAsBytes(status), NodeStatus.class))
                .isEqualTo(status);
    }
}
