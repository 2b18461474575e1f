package smcp.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import smcp.bus.Fault;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.gate.SecretKeys;
import smcp.node.cli.OwnStores;
import smcp.store.BlobPackages;
import smcp.store.EmptyStores;
import smcp.store.StoreConfig;
import smcp.store.Stores;
import smcp.store.backup.Backup;
import smcp.store.backup.BackupReader;
import smcp.store.backup.Restore;
import smcp.store.backup.Tally;
import smcp.store.blob.Blobs;
import smcp.store.redis.RedisPlace;
import smcp.vault.Sealing;

/** Stores opened in the place of a node, by its configuration: to be backed up, and to be restored. */
final class StoresHere implements OwnStores {
    private static final long TICK_MILLIS = 1_000;

    private final InstantSource clock = Clock.systemUTC();

    private static NodeConfig read(Where where) {
        var options = new NodeOptions();
        options.config = where.config();
        options.data = where.data();
        try {
            return options.read();
        } catch (ConfigFile.Wrong e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Uses a Vert.x, and ends it. */
    @FunctionalInterface
    private interface Use<T> {
        T with(Vertx vertx) throws IOException;
    }

    private static <T> T use(NodeConfig config, Use<T> use) throws IOException {
        Node.unpackInto(config.store().dataDir());
        var vertx = Vertx.vertx();
        try {
            return use.with(vertx);
        } finally {
            await(vertx.close());
        }
    }

    @Override
    public void backup(Where where, OutputStream to, Tally tally) throws IOException {
        var config = read(where);
        var directory = config.store().dataDir();
        if (!Files.isDirectory(directory)) {
            throw new Fault(Fault.Kind.NOT_FOUND, "there is no data directory " + directory);
        }
        var _ = use(config, vertx -> {
            var stores = await(open(vertx, config));
            try {
                backup(vertx, stores, config, to, tally);
            } finally {
                await(stores.close());
            }
            return true;
        });
    }

    private void backup(Vertx vertx, Stores stores, NodeConfig config, OutputStream to, Tally tally)
            throws IOException {
        var dataDir = config.store().dataDir();
        if (BlobPackages.hasOld(dataDir)) {
            throw new Fault(
                    Fault.Kind.CONFLICT,
                    "an older program keeps packages in " + dataDir.resolve("packages")
                            + ": start the node once, so that they become blobs");
        }
        var blobs = await(Blobs.open(vertx, config.blobs(), dataDir));
        try {
            var source = stores.source(blobs.blobs());
            Backup.write(source, vertx.getOrCreateContext(), Distribution.program(), clock.instant(), to, tally);
        } finally {
            await(blobs.close());
        }
    }

    private static Future<Stores> open(Vertx vertx, NodeConfig config) {
        return Stores.open(vertx, config.store().stores(), directory -> Node.backend(vertx, config.store(), directory))
                .recover(cause -> Future.failedFuture(
                        cause instanceof Fault fault && fault.kind() == Fault.Kind.STORE_UNAVAILABLE
                                ? new Fault(
                                        fault.kind(),
                                        fault.message() + "; a running node is copied without --config and --data")
                                : cause));
    }

    @Override
    public List<String> restore(Where where, InputStream from, boolean replace, Tally tally) throws IOException {
        var config = read(where);
        var reader = BackupReader.open(from, tally); // a wrong file changes nothing
        return use(config, vertx -> {
            var layout = layout(vertx, config);
            try (var stores = EmptyStores.make(config.store().dataDir(), layout, replace, clock.instant())) {
                var timer = vertx.setPeriodic(TICK_MILLIS, _ -> stores.expire(System.nanoTime()));
                var told = new ArrayList<>(stores.moved());
                Restore.run(reader, stores.backend(), stores.blobs(), vertx.getOrCreateContext(), clock.instant());
                told.add(token(stores.registry(), config));
                told.addAll(keys(vertx, stores.registry(), config));
                var _ = vertx.cancelTimer(timer);
                stores.finish();
                told.add("Restored into " + config.store().dataDir() + ": start the node.");
                return told;
            }
        });
    }

    private static EmptyStores.Layout layout(Vertx vertx, NodeConfig config) {
        var store = config.store();
        return directory -> new EmptyStores.Places(
                store.kind() == StoreConfig.Kind.REDIS
                        ? new RedisPlace(vertx, store.redis(), store.bounds(), NodeId.in(directory))
                        : EmptyStores.stateOfNode(directory, store.stores()),
                Blobs.place(vertx, config.blobs(), directory));
    }

    private String token(Registry registry, NodeConfig config) throws IOException {
        var file = OperatorToken.file(config);
        var made = OperatorToken.again(registry, new SecretKeys(registry, clock), file);
        return await(made)
                ? "The tokens of the backup work. None of them is known here, so there is a new one of the operator's beside them: "
                        + file
                : "The operator's token in " + file + " works.";
    }

    /** Looks whether what is sealed will open here; makes no key, since there is something that needs an older one. */
    private List<String> keys(Vertx vertx, Registry registry, NodeConfig config) {
        if (registry.list(RegistryKey.DATA_KEYS).isEmpty()
                && registry.list(RegistryKey.SEALING_KEYS).isEmpty()) {
            return List.of();
        }
        try {
            Sealing.open(vertx, registry, config.vault(), config.store().dataDir(), System.getenv(), clock)
                    .close();
            return List.of("The key-encryption key that opens it is here. It was not in the backup, and never is.");
        } catch (IOException e) {
            return List.of(
                    "The node will not start yet: " + e.getMessage(),
                    "The key-encryption key is not in a backup: it must come from where you keep it (docs/guides/encryption.md).");
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(5, TimeUnit.MINUTES);
        } catch (TimeoutException e) {
            throw new Fault(Fault.Kind.STORE_UNAVAILABLE, "a store did not open or close within five minutes", e);
        }
    }
}
