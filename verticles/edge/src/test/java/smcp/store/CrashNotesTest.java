package smcp.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static smcp.store.Samples.get;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.tenant.TenantId;

/** Who judges the stores must be able to find something: here it is planted. */
class CrashNotesTest {
    @TempDir
    Path data;

    private final Vertx vertx = Vertx.vertx();
    private final CrashNotes notes = new CrashNotes();
    private Stores stores;

    @BeforeEach
    void anEmptyStore() {
        stores = get(new CrashTarget.Sqlite(data).open(vertx));
        var _ = notes.beginRound(1);
    }

    @AfterEach
    void closed() {
        get(stores.close());
        get(vertx.close());
    }

    @Test
    void anEmptyStoreIsGoodWhenNothingWasAcknowledged() {
        notes.note("open");
        notes.note("reg ");
        notes.check(stores, "planted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reg 5", "event 5", "session 5", "spent 5", "position 5", "value 3 10000005"})
    void whatWasAcknowledgedAndIsNotThereIsFound(String line) {
        notes.note(line);

        assertThatThrownBy(() -> notes.check(stores, "planted")).isInstanceOf(AssertionError.class);
    }

    @Test
    void halfACommitIsFound() {
        var id = new TenantId(CrashPlan.tenant(5));
        get(stores.registry()
                .commit(List.of(RegistryWrite.create(RegistryKey.tenant(id), Samples.tenant(id.value(), 1)))));

        assertThatThrownBy(() -> notes.check(stores, "planted")).hasMessageContaining("the other half");
    }

    @Test
    void aValueOfAnOlderOperationAndADamagedOneAreFound() {
        var older = Objects.requireNonNull(CrashPlan.value(3, 10_000_005));
        get(stores.values().put(Samples.ACME, CrashPlan.key(3), older, CrashWriter.WRITE));
        notes.note("value 3 10000008");
        assertThatThrownBy(() -> notes.check(stores, "planted")).hasMessageContaining("of operation 10000005");

        var damaged = Objects.requireNonNull(CrashPlan.value(3, 10_000_008)).copy();
        damaged.setByte(damaged.length() - 1, (byte) (damaged.getByte(damaged.length() - 1) + 1));
        get(stores.values().put(Samples.ACME, CrashPlan.key(3), damaged, CrashWriter.WRITE));
        assertThatThrownBy(() -> notes.check(stores, "planted")).hasMessageContaining("or damaged");
    }
}
