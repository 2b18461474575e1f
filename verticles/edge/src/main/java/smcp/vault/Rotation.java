package smcp.vault;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.KeyRotation;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.Versioned;
import smcp.tenant.DataKey;
import smcp.tenant.KekRotation;
import smcp.tenant.TenantId;

/**
 * Replaces keys while the node runs. What is under way stands in the registry and nowhere else: {@link DataKey#rotating}, and the record {@link RegistryKey#KEK_ROTATION}; how far it is can be seen from what is sealed with which
 * key. So whoever was killed in the middle begins a new pass, in which what was done costs a look. Two nodes at the same work do it twice, and do no harm: every write is made against what was read.
 *
 * <p>An old data key is dropped only after a pass that began when no write with that key was under way on this node, not before {@link VaultConfig#settle} for those of others, and in which everything could be opened.
 */
final class Rotation implements KeyRotation {
    private static final Logger log = LoggerFactory.getLogger(Rotation.class);
    /** Writes of one commit. */
    private static final int BATCH = 100;

    private static final int MOST_TRIES = 20;
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private final Registry registry;
    private final KeyEncryption kek;
    private final DataKeys keys;
    private final VaultConfig config;
    private final InstantSource clock;
    private final List<Keeper> keepers = new CopyOnWriteArrayList<>();
    /** By owner. */
    private final Map<String, Job> jobs = new ConcurrentHashMap<>();

    private boolean kekAsked;
    private @Nullable Thread worker;
    private volatile boolean closed;

    private static final class Job {
        volatile Pass pass;
        volatile Stage stage = Stage.RESEALING;
        final AtomicLong before = new AtomicLong();
        volatile Instant due = Instant.MIN;

        Job(Pass pass) {
            this.pass = pass;
        }
    }

    Rotation(Registry registry, KeyEncryption kek, DataKeys keys, VaultConfig config, InstantSource clock) {
        this.registry = registry;
        this.kek = kek;
        this.keys = keys;
        this.config = config;
        this.clock = clock;
    }

    void add(Keeper keeper) {
        keepers.add(keeper);
    }

    /** Goes on with what was begun before this node started; to be called when every keeper is there. */
    void resume() {
        var begun = registry.get(RegistryKey.KEK_ROTATION);
        var waiting = registry.list(RegistryKey.DATA_KEYS).stream()
                .map(Versioned::value)
                .filter(key -> key.rotating() != null)
                .map(DataKey::owner)
                .toList();
        if (begun == null && waiting.isEmpty()) {
            return;
        }
        log.atInfo()
                .addKeyValue("kek", begun != null)
                .addKeyValue("owners", waiting.size())
                .log("going on with a rotation of keys");
        begin(waiting, begun != null);
    }

    @Override
    public Future<Status> rotateKek() {
        return apart(() -> {
                    prepareKek();
                    return kek.primary();
                })
                .compose(primary -> {
                    var was = registry.get(RegistryKey.KEK_ROTATION);
                    var next = new KekRotation(primary, clock.instant());
                    return registry.commit(List.of(
                            was == null
                                    ? RegistryWrite.create(RegistryKey.KEK_ROTATION, next)
                                    : RegistryWrite.replace(RegistryKey.KEK_ROTATION, was, next)));
                })
                .compose(_ -> {
                    begin(List.of(), true);
                    return status();
                });
    }

    private void prepareKek() {
        try {
            kek.reload();
            if (behind().isEmpty()) {
                kek.makePrimary();
            }
        } catch (IOException e) {
            throw new Fault(Kind.CONFLICT, "the key-encryption keys stay as they are: " + e.getMessage(), e);
        } catch (UnsupportedOperationException e) {
            throw new Fault(
                    Kind.CONFLICT,
                    "every key is encrypted with the primary key-encryption key already; " + e.getMessage());
        }
    }

    @Override
    public Future<Status> rotateDataKeys(@Nullable TenantId tenant) {
        return apart(() -> grow(tenant)).compose(owners -> {
            begin(owners, false);
            return status();
        });
    }

    /** On a thread of its own, which may wait for the registry. */
    private static <T> Future<T> apart(Supplier<T> work) {
        var done = Promise.<T>promise();
        var _ = Thread.ofVirtual().name("smcp-vault-keys").start(() -> {
            try {
                done.complete(work.get());
            } catch (RuntimeException e) {
                done.fail(e);
            }
        });
        return done.future();
    }

    /** Gives everybody asked for a second key; answers whose rotation is under way then. */
    private List<String> grow(@Nullable TenantId tenant) {
        var asked = new ArrayList<Versioned<DataKey>>();
        if (tenant == null) {
            asked.addAll(registry.list(RegistryKey.DATA_KEYS));
        } else {
            if (registry.get(RegistryKey.tenant(tenant)) == null) {
                throw new Fault(Kind.TENANT_UNKNOWN, "there is no tenant \"" + tenant + "\"");
            }
            var record = registry.get(RegistryKey.dataKey(tenant.value()));
            if (record != null) {
                asked.add(record);
            }
        }
        var now = clock.instant();
        for (var from = 0; from < asked.size(); from += BATCH) {
            write(asked.subList(from, Math.min(asked.size(), from + BATCH)), now);
        }
        return asked.stream().map(record -> record.value().owner()).toList();
    }

    private void write(List<Versioned<DataKey>> records, Instant now) {
        var writes = new ArrayList<RegistryWrite<?>>();
        records.stream()
                .filter(record -> record.value().rotating() == null)
                .forEach(record -> writes.add(keys.grown(record, now)));
        commit(
                writes,
                () -> records.forEach(record -> alone(
                        RegistryKey.dataKey(record.value().owner()),
                        found -> found.value().rotating() == null ? keys.grown(found, now) : null)));
    }

    /** All at once, or, if one of them was changed meanwhile, each by itself. */
    private static void commit(Registry registry, List<RegistryWrite<?>> writes, Runnable otherwise) {
        try {
            Pass.await(registry.commit(writes));
        } catch (Fault e) {
            if (e.kind() != Kind.CONFLICT) {
                throw e;
            }
            otherwise.run();
        }
    }

    private void commit(List<RegistryWrite<?>> writes, Runnable otherwise) {
        commit(registry, writes, otherwise);
    }

    /** What to write in the place of a record; null for nothing. */
    @FunctionalInterface
    private interface Change<T extends Record> {
        @Nullable
        RegistryWrite<T> of(Versioned<T> found);
    }

    private <T extends Record> void alone(RegistryKey<T> key, Change<T> change) {
        for (var tries = MOST_TRIES; ; tries--) {
            var found = registry.get(key);
            var write = found == null ? null : change.of(found);
            if (write == null) {
                return;
            }
            try {
                Pass.await(registry.commit(List.of(write)));
                return;
            } catch (Fault e) {
                if (e.kind() != Kind.CONFLICT || tries <= 1) {
                    throw e;
                }
            }
        }
    }

    private synchronized void begin(List<String> owners, boolean kekToo) {
        owners.forEach(owner -> jobs.putIfAbsent(owner, new Job(newPass())));
        kekAsked |= kekToo;
        if (worker == null && !closed) {
            worker = Thread.ofVirtual().name("smcp-vault-rotation").start(this::work);
        }
    }

    private Pass newPass() {
        return new Pass(config.resealPerSecond(), () -> closed);
    }

    private void work() {
        try {
            loop();
        } catch (InterruptedException e) {
            // closed: what is left goes on at the next start
            Thread.currentThread().interrupt();
        }
    }

    private void loop() throws InterruptedException {
        var kekDue = Instant.MIN;
        while (!closed) {
            if (takeKek()) {
                if (clock.instant().isBefore(kekDue) || !rewrapAll()) {
                    kekDue = kekDue.isAfter(clock.instant())
                            ? kekDue
                            : clock.instant().plus(AFTER_FAILURE);
                    begin(List.of(), true);
                }
            }
            for (var entry : new TreeMap<>(jobs).entrySet()) {
                if (closed) {
                    return;
                }
                if (!clock.instant().isBefore(entry.getValue().due)) {
                    step(entry.getKey(), entry.getValue());
                }
            }
            if (idle()) {
                return;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    private synchronized boolean takeKek() {
        var asked = kekAsked;
        kekAsked = false;
        return asked;
    }

    private synchronized boolean idle() {
        if (jobs.isEmpty() && !kekAsked) {
            worker = null;
            return true;
        }
        return false;
    }

    /** One pass of one owner, or the end of it. */
    private void step(String owner, Job job) throws InterruptedException {
        try {
            var record = registry.get(RegistryKey.dataKey(owner));
            if (record == null || record.value().rotating() == null) {
                jobs.remove(owner);
                return;
            }
            var settled = record.value().rotating().plus(config.settle());
            var now = keys.keys(record);
            var last = !clock.instant().isBefore(settled) && !keys.olderInUse(owner, now.primary());
            job.before.addAndGet(job.pass.resealed());
            job.pass = newPass();
            job.stage = job.stage == Stage.FAILING ? Stage.FAILING : Stage.RESEALING;
            for (var keeper : keepers) {
                keeper.pass(now, job.pass);
            }
            if (!job.pass.clean()) {
                job.stage = Stage.FAILING;
                job.due = clock.instant().plus(AFTER_FAILURE);
            } else if (!last) {
                job.stage = Stage.SETTLING;
                job.due = settled;
            } else {
                drop(owner, now.primary());
                jobs.remove(owner);
                log.atInfo()
                        .addKeyValue("tenant", owner)
                        .addKeyValue("resealed", job.before.get() + job.pass.resealed())
                        .log("data key replaced, the old one is dropped");
            }
        } catch (RuntimeException e) {
            job.stage = Stage.FAILING;
            job.due = clock.instant().plus(AFTER_FAILURE);
            job.pass.failed("the pass", Fault.from(e), e);
        }
    }

    private void drop(String owner, int primary) {
        alone(RegistryKey.dataKey(owner), found -> keys.keys(found).primary() == primary ? keys.shrunk(found) : null);
    }

    /** Records that are not encrypted with the primary key-encryption key, as the writes that change that. */
    private List<Behind> behind() {
        var primary = kek.primary();
        var found = new ArrayList<Behind>();
        for (var record : registry.list(RegistryKey.DATA_KEYS)) {
            if (!record.value().kek().equals(primary)) {
                found.add(new Behind(RegistryKey.dataKey(record.value().owner()).path(), () -> keys.rewrapped(record)));
            }
        }
        for (var record : registry.list(RegistryKey.SEALING_KEYS)) {
            if (!primary.equals(SealingKeys.keyOf(kek, record.value()))) {
                found.add(new Behind(
                        RegistryKey.sealingKey(record.value().tenant()).path(),
                        () -> SealingKeys.rewrapped(kek, record)));
            }
        }
        return found;
    }

    /** A record and how it is brought forward. */
    private record Behind(String path, Supplier<RegistryWrite<?>> write) {}

    /** True when nothing is left. */
    private boolean rewrapAll() {
        var strange = 0;
        try {
            for (var tries = MOST_TRIES; tries > 0; tries--) {
                var behind = behind();
                if (behind.isEmpty()) {
                    alone(RegistryKey.KEK_ROTATION, found -> RegistryWrite.delete(RegistryKey.KEK_ROTATION, found));
                    log.atInfo().addKeyValue("kek", kek.primary()).log("key-encryption key replaced");
                    return true;
                }
                strange = rewrap(behind);
                if (strange == behind.size()) {
                    break;
                }
            }
        } catch (RuntimeException e) {
            log.atWarn().setCause(e).log("the key-encryption key could not be replaced everywhere; it is tried again");
            return false;
        }
        log.atWarn()
                .addKeyValue("records", strange)
                .log("some keys do not open with the key-encryption keys of this node; they stay as they are");
        return false;
    }

    /** Answers how many could not be opened. */
    private int rewrap(List<Behind> behind) {
        var strange = 0;
        for (var from = 0; from < behind.size() && !closed; from += BATCH) {
            var writes = new ArrayList<RegistryWrite<?>>();
            for (var one : behind.subList(from, Math.min(behind.size(), from + BATCH))) {
                try {
                    writes.add(one.write().get());
                } catch (Fault e) {
                    log.atWarn().addKeyValue("path", one.path()).setCause(e).log("cannot be encrypted anew");
                    strange++;
                }
            }
            // the next round reads anew what was changed meanwhile
            commit(writes, () -> writes.forEach(write -> commit(List.of(write), () -> {})));
        }
        return strange;
    }

    @Override
    public Future<Status> status() {
        return apart(this::look);
    }

    private Status look() {
        var counts = new HashMap<String, Integer>();
        var owners = registry.list(RegistryKey.DATA_KEYS);
        owners.forEach(record -> counts.merge(record.value().kek(), 1, Integer::sum));
        registry.list(RegistryKey.SEALING_KEYS)
                .forEach(record ->
                        counts.merge(String.valueOf(SealingKeys.keyOf(kek, record.value())), 1, Integer::sum));
        var ids = kek.ids();
        var primary = kek.primary();
        var known = ids.stream()
                .map(id -> new Kek(id, id.equals(primary), counts.getOrDefault(id, 0)))
                .toList();
        var all = counts.values().stream().mapToInt(Integer::intValue).sum();
        var strange = all - known.stream().mapToInt(Kek::records).sum();
        var begun = registry.get(RegistryKey.KEK_ROTATION);
        return new Status(
                kek.source(),
                known,
                strange,
                owners.size(),
                begun == null
                        ? null
                        : new KekProgress(primary, begun.value().started(), all - counts.getOrDefault(primary, 0)),
                owners.stream()
                        .map(Versioned::value)
                        .filter(key -> key.rotating() != null)
                        .sorted(Comparator.comparing(DataKey::owner))
                        .map(this::resealing)
                        .toList(),
                config.sealValues(),
                config.sealBlobs());
    }

    private Resealing resealing(DataKey key) {
        var since = Objects.requireNonNull(key.rotating());
        var job = jobs.get(key.owner());
        return job == null
                ? new Resealing(key.owner(), since, Stage.RESEALING, 0, 0, List.of(), null)
                : new Resealing(
                        key.owner(),
                        since,
                        job.stage,
                        job.pass.examined(),
                        job.before.get() + job.pass.resealed(),
                        job.pass.failing(),
                        job.stage == Stage.SETTLING ? job.due : null);
    }

    /** Stops in the middle, as a killed node would. */
    void close() {
        Thread running;
        synchronized (this) {
            closed = true;
            running = worker;
        }
        if (running != null) {
            running.interrupt();
        }
    }
}
