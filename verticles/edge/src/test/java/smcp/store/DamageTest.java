package smcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.store.Samples.ACME;
import static smcp.store.Samples.T0;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.frames;
import static smcp.store.Samples.get;
import static smcp.store.Samples.session;
import static smcp.store.Samples.tenant;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.bus.Fault;
import smcp.contract.EventLog.StreamKey;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.tenant.SealingKey;
import smcp.tenant.TenantId;

/** Pages of the files are overwritten, as a failing disk does. What is read afterwards is what was written, or a fault that says what happened. */
class DamageTest {
    private static final long SEED = 20_261_122;
    private static final int PAGE = 4_096;
    private static final int MANY = 20;
    private static final int ROUNDS = 25;

    @TempDir
    Path parent;

    private Path data;
    private Vertx vertx;

    @BeforeEach
    void fill() {
        data = parent.resolve("data");
        vertx = Vertx.vertx();
        var stores = get(open());
        var all = new ArrayList<Future<?>>();
        for (var i = 0; i < MANY; i++) {
            all.add(stores.registry().commit(commit(i)));
            all.add(stores.sessions().create(session(ACME, "s" + i), Instant.MAX));
            var stream = new StreamKey(ACME, "s" + i, "x");
            all.add(stores.events().open(stream, "1", Instant.MAX));
            all.add(stores.events().append(stream, 0, frames(text(i, 5_000), text(i, 100))));
            all.add(stores.values().put(ACME, "k" + i, Buffer.buffer(text(i, 9_000)), ValueStoreContract.WRITE));
        }
        get(Future.all(all));
        get(stores.close());
    }

    @AfterEach
    void stop() {
        get(vertx.close());
    }

    private Future<Stores> open() {
        return Stores.open(vertx, StoreConfig.defaults(data));
    }

    private static List<RegistryWrite<?>> commit(int i) {
        var id = new TenantId("t" + i);
        return List.of(
                RegistryWrite.create(RegistryKey.tenant(id), tenant("t" + i, 1)),
                RegistryWrite.create(RegistryKey.sealingKey(id), new SealingKey(id, text(i, 9_000))));
    }

    private static String text(int i, int length) {
        return (i + " ").repeat(length / 2).substring(0, length);
    }

    private void overwrite(String file, long page, byte[] with) throws IOException {
        try (var bytes = new RandomAccessFile(data.resolve(file).toFile(), "rw")) {
            bytes.seek(page * PAGE);
            bytes.write(with);
        }
    }

    private long pages(String file) throws IOException {
        return Files.size(data.resolve(file)) / PAGE;
    }

    @ParameterizedTest
    @ValueSource(strings = {"registry.db", "sessions.db", "values.db"})
    void aDamagedFileIsNamedAtTheStartWithHowItWasSeenAndWhatToDo(String file) throws IOException {
        var backup = Files.readAllBytes(data.resolve(file));
        overwrite(file, 2, new byte[PAGE * (int) (pages(file) - 4)]);
        assertFault(open(), Fault.Kind.STORE_DAMAGED)
                .hasMessageContaining(file + ": the file is damaged (")
                .hasMessageContaining("smcp restore BACKUP --replace");

        Files.write(data.resolve(file), backup);
        var stores = get(open());
        assertThat(readAll(stores)).isEmpty();
        get(stores.close());
    }

    @ParameterizedTest
    @ValueSource(strings = {"registry.db", "sessions.db", "values.db"})
    void whateverPageIsOverwrittenNothingIsReadThatWasNotWritten(String file) throws IOException {
        var random = new Random(SEED);
        var sound = Files.readAllBytes(data.resolve(file));
        var seen = 0;
        for (var round = 0; round < ROUNDS; round++) {
            Files.write(data.resolve(file), sound);
            var noise = new byte[PAGE];
            if (round % 2 == 0) {
                random.nextBytes(noise);
            }
            overwrite(file, 1 + random.nextLong(pages(file) - 1), noise);
            var opened = open();
            get(opened.otherwiseEmpty());
            if (opened.failed()) {
                assertFault(opened, Fault.Kind.STORE_DAMAGED);
                seen++;
            } else {
                seen += readAll(opened.result()).isEmpty() ? 0 : 1;
                get(opened.result().close());
            }
        }
        assertThat(seen).as("damages that were seen, seed %d", SEED).isGreaterThan(ROUNDS / 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sessions.db", "values.db"})
    void aNodeThatServesSaysSoWhenItReads(String file) throws IOException {
        var stores = get(open());
        overwrite(file, 2, new byte[PAGE * (int) (pages(file) - 3)]);
        assertThat(readAll(stores))
                .isNotEmpty()
                .allSatisfy(
                        fault -> assertThat(fault.message()).startsWith(file).contains("damaged"));
        assertThat(stores.registry().get(RegistryKey.tenant(new TenantId("t1"))))
                .isNotNull();
        get(stores.close().otherwiseEmpty());
    }

    @Test
    void aFileThatIsNoDatabaseIsSaid() throws IOException {
        Files.writeString(data.resolve("values.db"), "not a database, and never was one. ".repeat(200));
        assertFault(open(), Fault.Kind.STORE_DAMAGED).hasMessageContaining("values.db");
    }

    /** Reads everything and compares what comes; answers the faults. */
    private static List<Fault> readAll(Stores stores) {
        var faults = new ArrayList<Fault>();
        for (var i = 0; i < MANY; i++) {
            var n = i;
            var sealing = stores.registry().get(RegistryKey.sealingKey(new TenantId("t" + n)));
            assertThat(Objects.requireNonNull(sealing).value().keyset()).isEqualTo(text(n, 9_000));
            read(
                    faults,
                    stores.values().get(ACME, "k" + n),
                    value ->
                            assertThat(value.orElseThrow().content().toString()).isEqualTo(text(n, 9_000)));
            read(
                    faults,
                    stores.sessions().find(ACME, "s" + n, T0),
                    found -> assertThat(found).contains(session(ACME, "s" + n)));
            read(
                    faults,
                    stores.events().read(new StreamKey(ACME, "s" + n, "x"), -1, 9, T0),
                    slice -> assertThat(slice.orElseThrow().events())
                            .extracting(event -> event.data().text())
                            .containsExactly(text(n, 5_000), text(n, 100)));
        }
        return faults;
    }

    private static <T> void read(List<Fault> faults, Future<T> read, java.util.function.Consumer<T> check) {
        try {
            check.accept(get(read));
        } catch (Fault e) {
            assertThat(e.kind()).isEqualTo(Fault.Kind.STORE_DAMAGED);
            faults.add(e);
        }
    }
}
