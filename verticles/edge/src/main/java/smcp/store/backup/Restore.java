package smcp.store.backup;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.contract.BlobStore;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;
import smcp.store.Backend;
import smcp.store.Copies.KeptSession;
import smcp.store.RegistryStore.Stored;
import smcp.tenant.TenantId;

/** Puts a backup into empty stores. Until it has ended well they hold something half, so nobody else may use them. */
public final class Restore {
    private static final int MOST_RECORDS = 500;
    private static final long MOST_BYTES = 1 << 20;
    private static final String TENANT = "tenant/";

    private final Backend to;
    private final BlobStore blobs;
    private final Context context;
    private final List<Stored> records = new ArrayList<>();
    private long recordBytes;
    private final Flight<Void> flight = new Flight<>();
    private final Set<String> tenants = new HashSet<>();
    private final Map<Section.Kind, Set<String>> seen = new HashMap<>();
    private long greatest;

    private Restore(Backend to, BlobStore blobs, Context context) {
        this.to = to;
        this.blobs = blobs;
        this.context = context;
    }

    /**
     * Restores all of it; {@code to} must be empty, its registry opened. Blocks, on a thread that may be blocked.
     *
     * @param context on which streams are written
     * @param now what is given from now on has greater revisions and versions than anything that was ever given by then: also after the backup was made, to what is lost now
     */
    public static void run(BackupReader from, Backend to, BlobStore blobs, Context context, Instant now)
            throws IOException {
        var restore = new Restore(to, blobs, context);
        restore.read(from);
        restore.leaveOut();
        // no store gives more than one number in a microsecond, or begins with them above it
        var micros = Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000L), now.getNano() / 1_000);
        Waiting.on(to.copies().raise(Math.max(micros, restore.greatest)));
    }

    private void read(BackupReader from) throws IOException {
        @Nullable Section section = null;
        for (var entry = from.next(); entry != null; entry = from.next()) {
            switch (entry) {
                case Entry.Begun(var begun) -> {
                    settle();
                    section = begun;
                    begin(begun);
                }
                case Entry.OfRegistry(var stored) -> record(stored);
                case Entry.OfValues(var key, var value) -> {
                    greatest = Math.max(greatest, value.version());
                    var length = value.content().length();
                    room(length);
                    flight.add(to.copies().restore(tenant(section), key, value), length);
                }
                case Entry.OfSessions(var kept) -> {
                    room(0);
                    flight.add(session(kept), 0);
                }
                case Entry.OfSpent(var mark) -> {
                    room(0);
                    flight.add(
                            to.state()
                                    .spent()
                                    .spend(tenant(section), mark.id(), mark.until())
                                    .mapEmpty(),
                            0);
                }
                case Entry.OfBlobs(var name, var bytes) -> blob(from, new BlobKey(owner(section), name), bytes);
                case Entry.Piece _ -> throw new UnsoundBackup("a piece of no blob");
            }
        }
        settle();
    }

    private static String owner(@Nullable Section section) throws UnsoundBackup {
        if (section == null || section.owner() == null) {
            throw new UnsoundBackup("a record of nobody");
        }
        return section.owner();
    }

    private static TenantId tenant(@Nullable Section section) throws UnsoundBackup {
        try {
            return new TenantId(owner(section));
        } catch (IllegalArgumentException e) {
            throw new UnsoundBackup(String.valueOf(e.getMessage()));
        }
    }

    /** An owner that comes again: what was read of it before is not to count. */
    private void begin(Section section) {
        var owner = section.owner();
        if (owner == null
                || seen.computeIfAbsent(section.kind(), _ -> new TreeSet<>()).add(owner)) {
            return;
        }
        switch (section.kind()) {
            case VALUES -> Waiting.on(to.values().drop(new TenantId(owner)));
            case BLOBS -> Waiting.on(blobs.drop(owner));
            case REGISTRY, SESSIONS, SPENT -> {}
        }
    }

    private void record(Stored stored) {
        greatest = Math.max(greatest, stored.revision());
        if (stored.path().startsWith(TENANT)) {
            var tenant = stored.path().substring(TENANT.length());
            var _ = stored.json() == null ? tenants.remove(tenant) : tenants.add(tenant);
        }
        var full = records.size() >= MOST_RECORDS || recordBytes >= MOST_BYTES;
        // commits stay whole
        if (full && stored.revision() != records.getLast().revision()) {
            putRecords();
        }
        records.add(stored);
        recordBytes += stored.weight();
    }

    private void putRecords() {
        if (!records.isEmpty()) {
            Waiting.on(to.copies().restore(List.copyOf(records)));
            records.clear();
            recordBytes = 0;
        }
    }

    private Future<Void> session(KeptSession kept) {
        return to.state()
                .sessions()
                .create(Sessions.rebased(kept.session()), kept.expires())
                // a page may show one again
                .recover(cause -> Fault.from(cause).kind() == Fault.Kind.CONFLICT
                        ? Future.succeededFuture()
                        : Future.failedFuture(cause));
    }

    private void room(long bytes) {
        while (flight.full(bytes)) {
            flight.land();
        }
    }

    private void settle() {
        putRecords();
        while (!flight.isEmpty()) {
            flight.land();
        }
    }

    private void blob(BackupReader from, BlobKey key, long bytes) throws IOException {
        var content = new Fed(context);
        var stored = Promise.<Void>promise();
        context.runOnContext(_ -> blobs.put(key, content, Condition.ALWAYS, bytes)
                .<Void>mapEmpty()
                .onComplete(stored));
        stored.future().onComplete(_ -> content.abandon());
        try {
            for (var piece = piece(from); piece.length() > 0; piece = piece(from)) {
                content.feed(piece);
            }
            content.end();
        } catch (IOException | RuntimeException e) {
            content.fail(e);
            throw e;
        }
        Waiting.on(stored.future());
    }

    private static Buffer piece(BackupReader from) throws IOException {
        if (from.next() instanceof Entry.Piece(var content)) {
            return content;
        }
        throw new UnsoundBackup("the backup is damaged: a blob is not whole");
    }

    /** What belongs to tenants that were deleted while the backup was made. */
    private void leaveOut() {
        for (var owner : of(Section.Kind.VALUES)) {
            Waiting.on(to.values().drop(new TenantId(owner)));
        }
        for (var owner : of(Section.Kind.SESSIONS)) {
            var tenant = new TenantId(owner);
            for (var page = Waiting.on(to.copies().sessions(tenant, null));
                    !page.kept().isEmpty();
                    page = Waiting.on(to.copies().sessions(tenant, null))) {
                for (var kept : page.kept()) {
                    Waiting.on(
                            to.state().sessions().delete(tenant, kept.session().id()));
                }
            }
        }
        var spaces = new HashSet<>(seen.getOrDefault(Section.Kind.BLOBS, Set.of()));
        spaces.remove(BlobKey.PACKAGES);
        tenants.forEach(tenant -> spaces.remove(BlobKey.space(new TenantId(tenant))));
        spaces.forEach(space -> Waiting.on(blobs.drop(space)));
    }

    private Set<String> of(Section.Kind kind) {
        var gone = new TreeSet<>(seen.getOrDefault(kind, Set.of()));
        gone.removeAll(tenants);
        return gone;
    }
}
