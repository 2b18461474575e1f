package smcp.store.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.contract.BlobStore;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Range;
import smcp.contract.ValueStore;
import smcp.contract.ValueStore.Value;
import smcp.store.Copies.Page;
import smcp.store.RegistryStore.Stored;
import smcp.store.Stores;
import smcp.tenant.DataKey;
import smcp.tenant.TenantId;

/**
 * Copies everything of a node's stores while they are used. It goes round: the registry, then what its owners keep, then what has changed in the registry since. An owner whose data key was replaced meanwhile may have been sealed partly with a key
 * that is gone: what he keeps is copied again. The backup is whole when a round finds nothing to copy: then each value in it was sealed with a key that the last word on its owner has, and everything that was acknowledged before the first round is in it.
 */
public final class Backup {
    private static final Logger log = LoggerFactory.getLogger(Backup.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Each is much shorter than the one before, unless keys are replaced all the time. */
    private static final int MOST_ROUNDS = 32;

    private static final String TENANT = "tenant/";
    private static final String DATA_KEY = "datakey/";
    private static final String VERSION = "version/";
    private static final long NO_KEY = 0;

    private final Stores.Source source;
    private final Context context;
    private final BackupWriter out;

    /** Of the registry as far as it was copied. */
    private final Set<String> tenants = new TreeSet<>();

    private final Map<String, Long> dataKeys = new HashMap<>();
    private final Map<String, String> packageOf = new TreeMap<>();
    private long revision;

    /** Revisions of the data keys with which owners were copied. */
    private final Map<String, Long> copied = new HashMap<>();

    private final Set<String> packages = new HashSet<>();
    private final Set<String> missing = new HashSet<>();

    private Backup(Stores.Source source, Context context, BackupWriter out) {
        this.source = source;
        this.context = context;
        this.out = out;
    }

    /**
     * Writes a backup. Blocks, with the pace of {@code to}, on a thread that may be blocked. If it fails, {@code to} holds a backup that says so, if it could still be written.
     *
     * @param context on which streams are read
     * @param program that writes it, with its version
     * @param tally hears how far it is
     */
    public static void write(
            Stores.Source source, Context context, String program, Instant now, OutputStream to, Tally tally)
            throws IOException {
        var out = new BackupWriter(to, tally, program, now);
        try {
            new Backup(source, context, out).run();
            out.finish();
        } catch (RuntimeException e) {
            try {
                out.failed(e instanceof Fault fault ? fault.message() : "internal error, the node's log says more");
            } catch (IOException broken) {
                e.addSuppressed(broken);
            }
            throw e;
        }
    }

    private void run() throws IOException {
        for (var round = 0; round < MOST_ROUNDS; round++) {
            registry();
            var any = owners();
            any |= packages();
            if (!any) {
                return;
            }
        }
        throw new Fault(
                Fault.Kind.CONFLICT,
                "after " + MOST_ROUNDS
                        + " rounds there are still new keys, tenants or versions to copy: make the backup when less is changed");
    }

    private void registry() throws IOException {
        for (var page = Waiting.on(source.copies().registry(revision));
                !page.isEmpty();
                page = Waiting.on(source.copies().registry(revision))) {
            for (var record : page) {
                out.stored(record);
                note(record);
            }
        }
    }

    private void note(Stored record) throws IOException {
        revision = record.revision();
        var path = record.path();
        var json = record.json();
        if (path.startsWith(TENANT)) {
            var tenant = path.substring(TENANT.length());
            var _ = json == null ? tenants.remove(tenant) : tenants.add(tenant);
        } else if (path.startsWith(DATA_KEY)) {
            dataKeys.put(path.substring(DATA_KEY.length()), json == null ? NO_KEY : record.revision());
        } else if (path.startsWith(VERSION)) {
            if (json == null) {
                packageOf.remove(path);
            } else {
                packageOf.put(path, read(json.copy()).path("packageHash").asText());
            }
        }
    }

    private static JsonNode read(byte[] json) throws IOException {
        return JSON.readTree(json);
    }

    private long keyOf(String owner) {
        return dataKeys.getOrDefault(owner, NO_KEY);
    }

    /** False if there was nothing to do. */
    private boolean owners() throws IOException {
        var any = false;
        for (var owner : tenants) {
            var before = copied.put(owner, keyOf(owner));
            if (before == null || before != keyOf(owner)) {
                any = true;
                owner(new TenantId(owner), before != null);
            }
        }
        return any;
    }

    private void owner(TenantId tenant, boolean again) throws IOException {
        var space = BlobKey.space(tenant);
        if (again) {
            // even if there is nothing now: what came before does not count any more
            out.section(new Section(Section.Kind.VALUES, tenant.value()));
            out.section(new Section(Section.Kind.BLOBS, space));
        } else {
            // not sealed, so once is enough
            pages(next -> source.copies().sessions(tenant, next), kept -> out.session(tenant.value(), kept));
            pages(next -> source.copies().marks(tenant, next), mark -> out.mark(tenant.value(), mark));
        }
        values(tenant);
        blobs(space);
    }

    /** Writes something. */
    @FunctionalInterface
    private interface Writing<T> {
        void of(T one) throws IOException;
    }

    private static <T> void pages(Function<@Nullable String, Future<Page<T>>> pages, Writing<T> writing)
            throws IOException {
        for (String next = null; ; ) {
            var page = Waiting.on(pages.apply(next));
            for (var one : page.kept()) {
                writing.of(one);
            }
            next = page.next();
            if (next == null) {
                return;
            }
        }
    }

    private record Found(String key, Optional<Value> value) {}

    private void values(TenantId tenant) throws IOException {
        var flight = new Flight<Found>();
        for (String after = null; ; ) {
            var page = Waiting.on(source.values().list(tenant, "", after, ValueStore.MOST_KEYS));
            for (var key : page.keys()) {
                while (flight.full(key.bytes())) {
                    value(tenant, flight.land());
                }
                flight.add(
                        source.values().get(tenant, key.name()).map(found -> new Found(key.name(), found)),
                        key.bytes());
            }
            after = page.next();
            if (after == null) {
                break;
            }
        }
        while (!flight.isEmpty()) {
            value(tenant, flight.land());
        }
    }

    private void value(TenantId tenant, Found found) throws IOException {
        if (found.value().isPresent()) {
            out.value(tenant.value(), found.key(), found.value().get());
        }
    }

    private void blobs(String space) throws IOException {
        for (String after = null; ; ) {
            var page = Waiting.on(source.blobs().list(space, "", after, BlobStore.MOST_NAMES));
            for (var blob : page.blobs()) {
                var _ = blob(new BlobKey(space, blob.name()));
            }
            after = page.next();
            if (after == null) {
                return;
            }
        }
    }

    /** Those that versions name; false if there was nothing to do. One that is not there belongs to a version that was removed meanwhile, unless it is missing in the next round still. */
    private boolean packages() throws IOException {
        var key = keyOf(DataKey.PLATFORM);
        var before = copied.put(DataKey.PLATFORM, key);
        if (before != null && before != key && !packages.isEmpty()) {
            packages.clear();
            out.section(new Section(Section.Kind.BLOBS, BlobKey.PACKAGES));
        }
        var any = false;
        for (var hash : new TreeSet<>(packageOf.values())) {
            if (packages.contains(hash)) {
                continue;
            }
            if (blob(new BlobKey(BlobKey.PACKAGES, hash))) {
                packages.add(hash);
                any = true;
            } else if (!missing.add(hash)) {
                packages.add(hash);
                log.atWarn()
                        .addKeyValue("package", hash)
                        .log("a version's package is not there, and so not in the backup");
            } else {
                any = true;
            }
        }
        return any;
    }

    /** False if it is not there. */
    private boolean blob(BlobKey key) throws IOException {
        var found = Waiting.on(onContext(() -> source.blobs()
                .get(key, Range.ALL)
                .map(read -> read.map(reading -> new Reading(
                        reading.blob().bytes(), new Drained(context, reading.content()), reading.cancel())))));
        if (found.isEmpty()) {
            return false;
        }
        var reading = found.get();
        try {
            out.blob(key.space(), key.name(), reading.bytes());
            for (var piece = reading.content().next();
                    ;
                    piece = reading.content().next()) {
                out.piece(piece.orElse(Buffer.buffer()));
                if (piece.isEmpty()) {
                    return true;
                }
            }
        } finally {
            context.runOnContext(_ -> reading.cancel().run());
        }
    }

    private record Reading(long bytes, Drained content, Runnable cancel) {}

    private <T> Future<T> onContext(Supplier<Future<T>> work) {
        var promise = Promise.<T>promise();
        context.runOnContext(_ -> work.get().onComplete(promise));
        return promise.future();
    }
}
