package smcp.store.blob;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.contract.BlobStore;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Range;
import smcp.contract.Member;
import smcp.contract.Members;

/**
 * Keeps what is here what should be: looks at the start, now and then, and soon after a version or a node came or went. What versions name and is not here is fetched, one after the other; what is here and does not open is replaced; what no
 * version has named for a while, and was not stored lately, is removed. Any thread.
 */
final class Stock implements Members.Listener {
    private static final Logger log = LoggerFactory.getLogger(Stock.class);
    private static final Duration TICK = Duration.ofMillis(250);
    /** While something is missing that no node could give. */
    private static final Duration MISSING = Duration.ofSeconds(5);

    private static final Duration EVERY = Duration.ofMinutes(5);

    private final Vertx vertx;
    private final CopiedPackages packages;
    private final BlobStore opened;
    private final Named named;
    private final InstantSource clock;

    /** Packages that this process has tried to open, and those of whose trouble the log knows. */
    private final Set<String> looked = ConcurrentHashMap.newKeySet();

    private final Set<String> told = ConcurrentHashMap.newKeySet();
    /** Packages that no version names, and since when this process knows. */
    private final Map<String, Instant> idle = new ConcurrentHashMap<>();

    private final AtomicBoolean looking = new AtomicBoolean();
    private final long timer;
    private volatile long due;
    private volatile boolean closed;

    Stock(Vertx vertx, CopiedPackages packages, BlobStore opened, Named named, InstantSource clock) {
        this.vertx = vertx;
        this.packages = packages;
        this.opened = opened;
        this.named = named;
        this.clock = clock;
        this.due = System.nanoTime() + EVERY.toNanos();
        this.timer = vertx.setPeriodic(TICK.toMillis(), _ -> tick());
    }

    /** Something happened; often more of it does, so not at once. */
    void soon() {
        due = System.nanoTime() + TICK.toNanos();
    }

    @Override
    public void joined(Member member) {
        // perhaps it was this node that was away, and what was sealed anew meanwhile did not come here
        looked.clear();
        soon();
    }

    @Override
    public void lost(Member member) {
        // what it had, others have
    }

    private void tick() {
        if (due - System.nanoTime() <= 0 && looking.compareAndSet(false, true)) {
            due = System.nanoTime() + EVERY.toNanos();
            look().onComplete(_ -> looking.set(false));
        }
    }

    /** Never fails. */
    Future<Void> look() {
        var missing = new AtomicInteger();
        return all(new HashMap<>(), null)
                .compose(here -> {
                    var wanted = named.all();
                    remove(here, wanted);
                    looked.retainAll(wanted);
                    told.retainAll(wanted);
                    return each(here.keySet(), wanted, missing);
                })
                .recover(cause -> {
                    log.atWarn().setCause(cause).log("this node's packages could not be looked at");
                    missing.incrementAndGet();
                    return Future.succeededFuture();
                })
                .onComplete(_ -> {
                    if (missing.get() > 0) {
                        due = Math.min(due, System.nanoTime() + MISSING.toNanos());
                    }
                });
    }

    /** When which of those that are here was stored. */
    private Future<Map<String, Instant>> all(Map<String, Instant> found, @Nullable String after) {
        return packages.list(BlobKey.PACKAGES, "", after, BlobStore.MOST_NAMES).compose(page -> {
            page.blobs().forEach(blob -> found.put(blob.name(), blob.modified()));
            return page.next() == null ? Future.succeededFuture(found) : all(found, page.next());
        });
    }

    private void remove(Map<String, Instant> here, Set<String> wanted) {
        var now = clock.instant();
        idle.keySet().retainAll(here.keySet());
        idle.keySet().removeAll(wanted);
        here.forEach((name, stored) -> {
            if (!wanted.contains(name)
                    && Claims.old(idle.computeIfAbsent(name, _ -> now), now)
                    && Claims.old(stored, now)
                    // a node that was pointed at an empty store is to lose nothing by it
                    && !wanted.isEmpty()) {
                packages.discarded(name);
            }
        });
    }

    /** One after the other: this is not what the disk and the links are for. */
    private Future<Void> each(Set<String> here, Set<String> wanted, AtomicInteger missing) {
        var left = wanted.stream()
                .filter(name -> !here.contains(name) || !looked.contains(name))
                .iterator();
        var done = Promise.<Void>promise();
        next(left, here, missing, done);
        return done.future();
    }

    private void next(Iterator<String> left, Set<String> here, AtomicInteger missing, Promise<Void> done) {
        if (closed || !left.hasNext()) {
            done.complete();
            return;
        }
        var name = left.next();
        var step = here.contains(name) ? opens(name) : fetched(name, missing).compose(_ -> opens(name));
        step.onFailure(cause -> told(name, cause)).onComplete(_ -> next(left, here, missing, done));
    }

    private Future<?> fetched(String name, AtomicInteger missing) {
        return packages.obtained(name)
                .compose(there -> there
                        ? Future.succeededFuture()
                        : Future.failedFuture(new Fault(Fault.Kind.NOT_FOUND, "no node has package " + name)))
                .onFailure(_ -> missing.incrementAndGet());
    }

    /** Once for each: who uses it sees it, too. */
    private Future<?> opens(String name) {
        looked.add(name);
        return packages.until(
                name,
                () -> opened.get(CopiedPackages.key(name), new Range(0, 1)).map(found -> {
                    found.ifPresent(reading -> reading.cancel().run());
                    return name;
                }));
    }

    private void told(String name, Throwable cause) {
        if (told.add(name)) {
            log.atWarn().addKeyValue("package", name).setCause(cause).log("this node cannot have a package now");
        }
    }

    void close() {
        closed = true;
        var _ = vertx.cancelTimer(timer);
    }
}
