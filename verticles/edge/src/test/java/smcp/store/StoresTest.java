package smcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static smcp.store.Samples.ACME;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.get;
import static smcp.store.Samples.session;
import static smcp.store.Samples.tenant;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.store.StoreConfig.Kind;

class StoresTest {
    @TempDir
    Path parent;

    private Path data;
    private Vertx vertx;

    @BeforeEach
    void start() {
        data = parent.resolve("deep/data");
        vertx = Vertx.vertx();
    }

    @AfterEach
    void stop() {
        get(vertx.close());
    }

    @Test
    void everythingIsThereAfterARestart() {
        var stores = get(Stores.open(vertx, StoreConfig.defaults(data)));
        get(stores.registry().commit(List.of(RegistryWrite.create(RegistryKey.tenant(ACME), tenant("acme", 1)))));
        get(stores.sessions().create(session(ACME, "s"), Samples.T0));
        get(stores.close());

        stores = get(Stores.open(vertx, StoreConfig.defaults(data)));
        assertThat(stores.registry().get(RegistryKey.tenant(ACME))).isNotNull();
        assertThat(get(stores.sessions().count(ACME))).isEqualTo(1);
        assertThat(stores.durability().keySet()).containsExactly("registry", "sessions", "values");
        get(stores.close());
    }

    @Test
    void memoryStoresLeaveNoDatabase() throws IOException {
        var defaults = StoreConfig.defaults(data);
        var config = new StoreConfig(data, Kind.MEMORY, 16, 1, defaults.bounds(), defaults.packages());
        var stores = get(Stores.open(vertx, config));
        get(stores.registry().commit(List.of(RegistryWrite.create(RegistryKey.tenant(ACME), tenant("acme", 1)))));
        get(stores.close());
        try (var files = Files.list(data)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("node.lock");
        }
    }

    @Test
    void nobodyElseMayReadTheDirectory() throws IOException {
        Files.createDirectories(data);
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        get(get(Stores.open(vertx, StoreConfig.defaults(data))).close());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwx------");
    }

    @Test
    void aDirectoryServesOneNodeAtATime() {
        var stores = get(Stores.open(vertx, StoreConfig.defaults(data)));
        for (var i = 0; i < 2; i++) {
            assertFault(Stores.open(vertx, StoreConfig.defaults(data)), Fault.Kind.STORE_UNAVAILABLE)
                    .hasMessageContaining(
                            "in use by process " + ProcessHandle.current().pid());
        }
        get(stores.close());
        get(get(Stores.open(vertx, StoreConfig.defaults(data))).close());
    }

    @Test
    void anotherProcessIsNamedAndItsEndFreesTheDirectory() throws Exception {
        var writer = CrashWriter.start(new CrashTarget.Sqlite(data), data.resolveSibling("writer.log"), 1, 1);
        try {
            assertThat(writer.inputReader().readLine()).isEqualTo("open");
            assertFault(Stores.open(vertx, StoreConfig.defaults(data)), Fault.Kind.STORE_UNAVAILABLE)
                    .hasMessageContaining("in use by process " + writer.pid());
        } finally {
            writer.destroyForcibly();
            assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        get(get(Stores.open(vertx, StoreConfig.defaults(data))).close());
    }

    @Test
    void afterAnOpeningThatFailedNothingStaysOpen() throws IOException {
        get(get(Stores.open(vertx, StoreConfig.defaults(data))).close());
        var registry = data.resolve("registry.db");
        var sound = Files.readAllBytes(registry);
        Files.writeString(registry, "damaged ".repeat(1_000));
        assertFault(Stores.open(vertx, StoreConfig.defaults(data)), Fault.Kind.STORE_DAMAGED)
                .hasMessageContaining("registry.db")
                .hasMessageContaining("damaged");
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("smcp-store-sessions.db")));
        Files.write(registry, sound);
        get(get(Stores.open(vertx, StoreConfig.defaults(data))).close());
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsSaid() throws IOException {
        var file = Files.writeString(parent.resolve("file"), "x");
        assertFault(Stores.open(vertx, StoreConfig.defaults(file)), Fault.Kind.STORE_UNAVAILABLE)
                .hasMessageContaining("cannot be used");
    }

    @Test
    void settingsOutOfRangeAreRefusedByName() {
        var good = StoreConfig.defaults(data);
        assertThatThrownBy(() -> new StoreConfig(data, Kind.SQLITE, 0, 2, good.bounds(), good.packages()))
                .hasMessage("store.queue must be 1 to 100000, got 0");
        assertThatThrownBy(() -> new StateBounds(0, 2_048, 5)).hasMessageContaining("store.bounds.streamFrames");
        assertThatThrownBy(() -> new PackageLimits(1, 1, 2_048, 2, 16, 256))
                .hasMessageContaining("store.packages.maxBytes");
    }

    @Test
    void settingsAreReadFromJson() throws IOException {
        var text = """
                {"dataDir":"/d","kind":"memory","queue":7,"readers":3,
                 "bounds":{"streamFrames":1,"streamBytes":2048,"changes":3},
                 "packages":{"maxBytes":2048,"maxEntries":2,"maxUnpackedBytes":4096,"maxRatio":5,"maxNameBytes":60,
                  "maxManifestBytes":700}}""";
        assertThat(new ObjectMapper().readValue(text, StoreConfig.class))
                .isEqualTo(new StoreConfig(
                        Path.of("/d"),
                        Kind.MEMORY,
                        7,
                        3,
                        new StateBounds(1, 2_048, 3),
                        new PackageLimits(2_048, 2, 4_096, 5, 60, 700)));
        assertThatThrownBy(() -> new ObjectMapper().readValue(text.replace("memory", "tape"), StoreConfig.class))
                .hasMessageContaining("sqlite, memory, redis, got \"tape\"");
    }
}
