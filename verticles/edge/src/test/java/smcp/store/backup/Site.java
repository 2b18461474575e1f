package smcp.store.backup;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import smcp.contract.BlobStore;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.SessionRecord;
import smcp.contract.ValueStore;
import smcp.contract.ValueStore.Value;
import smcp.contract.ValueStore.Write;
import smcp.contract.Versioned;
import smcp.store.Backend;
import smcp.store.EmptyStores;
import smcp.store.Place;
import smcp.store.RegistryStore.Stored;
import smcp.store.StoreConfig;
import smcp.store.Stores;
import smcp.store.blob.BlobConfig;
import smcp.store.blob.Blobs;
import smcp.tenant.Limits;
import smcp.tenant.Tenant;
import smcp.tenant.TenantId;
import smcp.tenant.Trust;
import smcp.tenant.VersionRef;
import smcp.testing.MemoryBlobs;

/** Stores that are filled, copied, restored and looked at. */
final class Site {
    static final TenantId ACME = new TenantId("acme");
    static final TenantId SHOP = new TenantId("shop");
    static final Instant T0 = Instant.parse("2026-07-28T10:00:00.123456789Z");
    static final Write WRITE = new Write(ValueStore.ANY, null, new ValueStore.Size(1_000_000, 1L << 40));

    /** Of stores that are looked at without their blobs. */
    static final BlobStore NO_BLOBS = new MemoryBlobs(1_000);

    private Site() {}

    @CanIgnoreReturnValue
    static <T extends @Nullable Object> T get(Future<T> future) {
        try {
            return future.await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within 30 s", e);
        }
    }

    /** Does all at once, so that they share the disk's time. */
    static void each(int many, IntFunction<Future<?>> what) {
        get(Future.all(IntStream.range(0, many).mapToObj(what).toList()));
    }

    static <T extends Record> Versioned<T> record(Stores stores, RegistryKey<T> key) {
        return Objects.requireNonNull(stores.registry().get(key), key.path());
    }

    static RegistryWrite<Tenant> tenant(TenantId id) {
        return RegistryWrite.create(
                RegistryKey.tenant(id), new Tenant(id, false, Trust.UNTRUSTED, Limits.Wish.NONE, List.of(), 0, T0));
    }

    static SessionRecord session(TenantId tenant, String id) {
        return new SessionRecord(
                id,
                new VersionRef(tenant, 1),
                "client:bob",
                "2025-11-25",
                "{}",
                "{}",
                "info",
                Map.of("file:///a", 7L),
                3,
                T0,
                5);
    }

    static byte[] backup(Vertx vertx, Stores.Source source) throws IOException {
        var out = new ByteArrayOutputStream();
        Backup.write(source, vertx.getOrCreateContext(), "smcp test", T0, out, new Tally());
        return out.toByteArray();
    }

    static void restore(Vertx vertx, byte[] backup, EmptyStores to, Instant now) throws IOException {
        var reader = BackupReader.open(new ByteArrayInputStream(backup), new Tally());
        Restore.run(reader, to.backend(), to.blobs(), vertx.getOrCreateContext(), now);
    }

    static EmptyStores sqlite(Vertx vertx, Path data) {
        return EmptyStores.make(data, ofNode(vertx), false, T0);
    }

    /** What a node has whose configuration says nothing. */
    static EmptyStores.Layout ofNode(Vertx vertx) {
        return root ->
                new EmptyStores.Places(EmptyStores.stateOfNode(root, StoreConfig.defaults(root)), blobs(vertx, root));
    }

    static Place<BlobStore> blobs(Vertx vertx, Path root) {
        return Blobs.place(vertx, BlobConfig.DEFAULT, root);
    }

    /** State in memory, blobs in files. */
    static EmptyStores memory(Vertx vertx, Path data) {
        var like = StoreConfig.defaults(data);
        var config = new StoreConfig(data, StoreConfig.Kind.MEMORY, 16, 1, like.bounds(), like.packages());
        var state = new Place<Backend>() {
            @Override
            public @Nullable String occupied() {
                return null;
            }

            @Override
            public String clear(@Nullable Path aside) {
                throw new AssertionError("nothing is there");
            }

            @Override
            public Opened<Backend> open() {
                var backend = Stores.backend(data, config);
                return new Opened<>(backend, backend::close);
            }

            @Override
            public void finished() {}
        };
        return EmptyStores.make(data, root -> new EmptyStores.Places(state, blobs(vertx, root)), false, T0);
    }

    static Stores.Source source(EmptyStores stores) {
        return new Stores.Source(stores.backend().copies(), stores.backend().values(), stores.blobs());
    }

    /** Live records by path. */
    static Map<String, Stored> registry(Stores.Source source) {
        var live = new HashMap<String, Stored>();
        var revision = 0L;
        for (var page = get(source.copies().registry(0));
                !page.isEmpty();
                page = get(source.copies().registry(revision))) {
            for (var record : page) {
                live.remove(record.path());
                if (record.json() != null) {
                    live.put(record.path(), record);
                }
                revision = record.revision();
            }
        }
        return live;
    }

    static Map<String, Value> values(ValueStore values, TenantId tenant) {
        var found = new TreeMap<String, Value>();
        for (String after = null; ; ) {
            var page = get(values.list(tenant, "", after, ValueStore.MOST_KEYS));
            for (var key : page.keys()) {
                found.put(key.name(), get(values.get(tenant, key.name())).orElseThrow());
            }
            after = page.next();
            if (after == null) {
                return found;
            }
        }
    }

    static Buffer bytes(int length, int seed) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return Buffer.buffer(bytes);
    }
}
