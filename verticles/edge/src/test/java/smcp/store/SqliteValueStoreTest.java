package smcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static smcp.store.Samples.ACME;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.get;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault;
import smcp.contract.ValueStore;
import smcp.contract.ValueStore.Size;
import smcp.contract.ValueStore.Write;
import smcp.testing.TestClock;

/** The contract in SQLite, and what is particular to it. */
class SqliteValueStoreTest extends ValueStoreContract {
    @TempDir
    Path directory;

    private final TestClock clock = new TestClock();

    @Override
    protected ValueStore newStore() {
        return SqliteValueStore.open(directory.resolve("values.db"), 1_024, 2, clock);
    }

    private SqliteValueStore sqlite() {
        return (SqliteValueStore) store;
    }

    @Override
    protected void closeStore() {
        get(sqlite().close());
    }

    @Override
    protected Instant now() {
        return clock.instant();
    }

    @Override
    protected void pass(Duration time) {
        clock.forward(time);
    }

    private Buffer random(int length, int seed) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return Buffer.buffer(bytes);
    }

    private long rows(String table) {
        return get(sqlite().database().read(db -> db.number("SELECT count(*) FROM " + table, -1)));
    }

    private void reopen() {
        closeStore();
        store = newStore();
    }

    @Test
    void everythingIsThereAfterAReopen() {
        var big = random(600_000, 1);
        var version = get(store.put(ACME, "big", big, WRITE));
        get(store.put(ACME, "small", Buffer.buffer("v"), new Write(ValueStore.ANY, Duration.ofHours(1), PLENTY)));
        var page = get(store.list(ACME, "", null, 9));
        reopen();
        assertThat(get(store.list(ACME, "", null, 9))).isEqualTo(page);
        assertThat(get(store.get(ACME, "big")).orElseThrow().content()).isEqualTo(big);
        assertThat(get(store.put(ACME, "small", Buffer.buffer("w"), WRITE))).isGreaterThan(version + 1);
    }

    @Test
    void versionsGoOnAfterADropAndAReopen() {
        get(store.put(ACME, "k", Buffer.buffer("v"), WRITE));
        var last = get(store.put(ACME, "k", Buffer.buffer("v"), WRITE));
        get(store.drop(ACME));
        reopen();
        assertThat(rows("holding")).isZero();
        assertThat(get(store.put(ACME, "k", Buffer.buffer("v"), WRITE))).isGreaterThan(last);
    }

    @Test
    void partsOfWhatIsGoneGoToo() {
        for (var i = 0; i < 3; i++) {
            get(store.put(ACME, "a", random(600_000, i), WRITE));
            get(store.put(ACME, "b", random(300_000, i), WRITE));
        }
        get(store.put(ACME, "a", Buffer.buffer("small"), WRITE));
        assertThat(get(store.delete(ACME, "b", ValueStore.ANY))).isTrue();
        await().until(() -> rows("part") == 0 && rows("loose") == 0);
    }

    @Test
    void whatAKilledProcessBeganIsRemoved() {
        get(sqlite().database().write(0, db -> {
            var id = db.number("INSERT INTO loose DEFAULT VALUES RETURNING id", 0);
            return db.update("INSERT INTO part VALUES (?, 0, ?)", id, new byte[SqliteParts.LENGTH]);
        }));
        reopen();
        get(store.put(ACME, "k", random(600_000, 1), WRITE));
        assertThat(get(store.sweep(now(), 100))).isZero();
        assertThat(rows("loose")).isZero();
        assertThat(rows("part")).isEqualTo(3);
    }

    @Test
    void aSmallWriteDoesNotWaitForBigOnes() {
        var big = random(5 << 20, 1);
        var order = Collections.synchronizedList(new ArrayList<String>());
        var all = new ArrayList<Future<Long>>();
        for (var i = 0; i < 6; i++) {
            all.add(store.put(ACME, "big" + i, big, WRITE).onSuccess(_ -> order.add("big")));
        }
        all.add(store.put(ACME, "small", Buffer.buffer("v"), WRITE).onSuccess(_ -> order.add("small")));
        get(Future.all(all));
        assertThat(order.getFirst()).isEqualTo("small");
    }

    @Test
    void moreBigValuesThanCanWaitAreRefusedAtOnce() {
        var big = Buffer.buffer(new byte[ValueStore.LONGEST_VALUE]);
        var gate = new CountDownLatch(1);
        var held = sqlite().database().write(0, _ -> waited(gate));
        var all = IntStream.range(0, 12)
                .mapToObj(i -> store.put(ACME, "k" + i, big, new Write(ValueStore.ANY, null, new Size(99, 10))))
                .toList();
        assertFault(all.getLast(), Fault.Kind.STORE_UNAVAILABLE).hasMessageContaining("more work is waiting");
        gate.countDown();
        get(held);
        assertFault(all.getFirst(), Fault.Kind.QUOTA);
    }

    private static boolean waited(CountDownLatch gate) {
        try {
            return gate.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsDeletedIsOverwrittenInTheFile() throws IOException {
        var secret = "a secret nobody may find ".repeat(20);
        get(store.put(ACME, "small", Buffer.buffer(secret), WRITE));
        get(store.put(ACME, "big", Buffer.buffer(secret.repeat(1_000)), WRITE));
        reopen();
        assertThat(fileHolds("nobody may find")).isTrue();
        get(store.delete(ACME, "small", ValueStore.ANY));
        get(store.delete(ACME, "big", ValueStore.ANY));
        get(store.sweep(now(), 1));
        reopen();
        assertThat(fileHolds("nobody may find")).isFalse();
    }

    private boolean fileHolds(String text) throws IOException {
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) {
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) {
                    return true;
                }
            }
            return false;
        }
    }

    @Test
    void contentThatWasChangedOnTheDiskIsNotPassedOn() {
        get(store.put(ACME, "small", Buffer.buffer("v"), WRITE));
        get(store.put(ACME, "big", random(600_000, 1), WRITE));
        get(store.put(ACME, "sound", Buffer.buffer("v"), WRITE));
        get(sqlite().database()
                .write(0, db -> db.update("UPDATE value SET content = x'00' WHERE key = CAST('small' AS BLOB)")));
        get(sqlite().database()
                .write(0, db -> db.update("UPDATE part SET data = zeroblob(length(data)) WHERE number = 1")));
        for (var key : List.of("small", "big")) {
            assertFault(store.get(ACME, key), Fault.Kind.STORE_UNAVAILABLE)
                    .hasMessageContaining("values.db")
                    .hasMessageContaining("damaged");
        }
        assertThat(get(store.get(ACME, "sound"))).isPresent();
        get(store.put(ACME, "small", Buffer.buffer("again"), WRITE));
        assertThat(get(store.get(ACME, "small"))).isPresent();
        get(sqlite().database().write(0, db -> db.update("DELETE FROM part WHERE number = 1")));
        assertFault(store.get(ACME, "big"), Fault.Kind.STORE_UNAVAILABLE).hasMessageContaining("missing");
    }

    @Test
    void aFullDiskIsSaidAndReadsGoOn() {
        get(store.put(ACME, "k", Buffer.buffer("v"), WRITE));
        long pages = get(sqlite().database().write(0, db -> db.number("PRAGMA page_count", 0)));
        get(sqlite().database().write(0, db -> db.number("PRAGMA max_page_count = " + (pages + 100), 0)));
        assertFault(store.put(ACME, "big", random(3 << 20, 1), WRITE), Fault.Kind.STORE_UNAVAILABLE)
                .hasMessageContaining("disk is full");
        assertThat(get(store.get(ACME, "k"))).isPresent();
        assertThat(get(store.get(ACME, "big"))).isEmpty();

        // the connection is opened anew, and with it the limit is gone: there is room again
        get(store.put(ACME, "big", random(3 << 20, 1), WRITE));
        assertThat(get(store.sweep(now(), 1))).isZero();
        assertThat(rows("part")).isEqualTo(12);
    }
}
