package smcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.store.Samples.ACME;
import static smcp.store.Samples.OTHER;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.get;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import smcp.bus.Fault;
import smcp.contract.ChangeLog.Change;
import smcp.contract.ChangeLog.Kind;
import smcp.contract.ChangeLog.Slice;
import smcp.tenant.TenantId;

/** What every change log does. */
public abstract class ChangeLogContract extends StateContract {
    @CanIgnoreReturnValue
    private long append(TenantId tenant, Kind kind, String uri) {
        return get(state.changes().append(tenant, kind, uri));
    }

    private Slice read(long after, int most) {
        return get(state.changes().read(ACME, after, most));
    }

    @Test
    void aLogThatNeverHeldAnythingHasAnEpochAlready() {
        var before = read(0, 10);
        assertThat(before.epoch()).matches("[0-9A-Za-z]{8,16}");
        assertThat(before).isEqualTo(new Slice(before.epoch(), 1, 0, List.of()));
        assertThat(append(ACME, Kind.TOOLS, "")).isEqualTo(1);
        assertThat(read(0, 10).epoch()).isEqualTo(before.epoch());
    }

    @Test
    void changesComeBackInOrderFromAnyPosition() {
        append(ACME, Kind.TOOLS, "");
        append(ACME, Kind.RESOURCE, "file:///ü?'\"😀");
        append(ACME, Kind.PROMPTS, "");
        assertThat(read(0, 10).changes())
                .containsExactly(
                        new Change(1, Kind.TOOLS, ""),
                        new Change(2, Kind.RESOURCE, "file:///ü?'\"😀"),
                        new Change(3, Kind.PROMPTS, ""));
        assertThat(read(1, 1).changes()).extracting(Change::pos).containsExactly(2L);
        assertThat(read(3, 10).changes()).isEmpty();
        assertThat(read(99, 10).newest()).isEqualTo(3);
        assertThat(read(0, 0).changes()).isEmpty();
    }

    @Test
    void theOldestChangesGo() {
        for (var i = 0; i < 25; i++) {
            append(ACME, Kind.TOOLS, "");
        }
        var slice = read(0, 100);
        assertThat(slice.oldest()).isEqualTo(16);
        assertThat(slice.newest()).isEqualTo(25);
        assertThat(slice.changes()).hasSize(10).extracting(Change::pos).startsWith(16L);
    }

    @Test
    void tenantsHaveLogsOfTheirOwn() {
        append(ACME, Kind.TOOLS, "");
        assertThat(append(OTHER, Kind.PROMPTS, "")).isEqualTo(1);
        get(state.changes().drop(OTHER));
        assertThat(read(0, 10).changes()).containsExactly(new Change(1, Kind.TOOLS, ""));
    }

    @Test
    void aDroppedLogBeginsANewEpoch() {
        append(ACME, Kind.TOOLS, "");
        var before = read(0, 10);
        get(state.changes().drop(ACME));
        var after = read(0, 10);
        assertThat(after.epoch()).isNotEqualTo(before.epoch());
        assertThat(after).isEqualTo(new Slice(after.epoch(), 1, 0, List.of()));
        assertThat(append(ACME, Kind.TOOLS, "")).isEqualTo(1);
    }

    @Test
    void positionsHaveNoGapsAmongManyWriters() {
        var all = new ArrayList<Future<Long>>();
        for (var i = 0; i < 200; i++) {
            all.add(state.changes().append(ACME, Kind.TOOLS, ""));
        }
        assertThat(all.stream().map(Samples::get).sorted().toList())
                .startsWith(1L)
                .endsWith(200L)
                .doesNotHaveDuplicates();
    }

    @Test
    void uriWithoutAFormInTheStoreOrTooLongIsRefused() {
        assertFault(state.changes().append(ACME, Kind.RESOURCE, "\ud800"), Fault.Kind.INVALID_INPUT);
        assertFault(state.changes().append(ACME, Kind.RESOURCE, "x".repeat(9_000)), Fault.Kind.INVALID_INPUT)
                .hasMessageContaining("8192");
    }
}
