package smcp.store.blob;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.streams.ReadStream;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.contract.Addresses;
import smcp.contract.Addresses.PackageForgotten;
import smcp.contract.Addresses.PackageStored;
import smcp.contract.BlobStore;
import smcp.contract.Everywhere;
import smcp.contract.Everywhere.Acknowledged;
import smcp.contract.Members;
import smcp.contract.PeerBlobs;
import smcp.contract.Registry;
import smcp.store.BlobBackend;
import smcp.store.Durability;
import smcp.store.Health;
import smcp.store.OtherCopies;

/**
 * Packages of a cluster whose nodes share no store of blobs: each node has each on its own disk. One that is stored is answered when every live node has a copy; one that is not here is fetched from a node that has it. Everything else
 * is this node's alone. Stands below sealing, so a copy is as the other node sealed it. Any thread.
 */
public final class CopiedPackages implements BlobStore, BlobBackend, PeerBlobs.Source, OtherCopies {
    private static final Logger log = LoggerFactory.getLogger(CopiedPackages.class);
    /** Until then a package that is stored is on every node, or the write fails. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Vertx vertx;
    private final BlobBackend files;
    private final BlobStore here;
    private final Members members;
    private final Everywhere everywhere;
    private final InstantSource clock;
    private final String self;
    private final Named named;
    private final Claims claims = new Claims();
    private final Flights flights = new Flights();
    private final Set<Giving> giving = ConcurrentHashMap.newKeySet();
    /** Stored before the others could be told. */
    private final Set<String> untold = ConcurrentHashMap.newKeySet();

    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private volatile @Nullable Others others;
    private volatile @Nullable Stock stock;

    private CopiedPackages(
            Vertx vertx,
            BlobBackend files,
            Registry registry,
            Members members,
            Everywhere everywhere,
            InstantSource clock) {
        this.vertx = vertx;
        this.files = files;
        this.here = files.blobs();
        this.members = members;
        this.everywhere = everywhere;
        this.clock = clock;
        this.self = members.self().id();
        this.named = new Named(registry);
    }

    /** This node's own packages only, until {@link #begin}. */
    public static CopiedPackages over(
            Vertx vertx,
            BlobBackend files,
            Registry registry,
            Members members,
            Everywhere everywhere,
            InstantSource clock) {
        return new CopiedPackages(vertx, files, registry, members, everywhere, clock);
    }

    /**
     * The other nodes can be reached from now on, and may ask this one. What this node lacks is fetched in the background.
     *
     * @param opened the same packages, as they are used: one that does not open is replaced by another node's copy
     */
    public Future<Void> begin(PeerBlobs peers, BlobStore opened) {
        var reached = new Others(vertx, here, members, peers);
        others = reached;
        consumers.add(Addresses.PACKAGE_STORED.on(self).serve(vertx, this::stored));
        consumers.add(Addresses.PACKAGE_FORGOTTEN.hear(vertx, this::forgotten));
        var background = new Stock(vertx, this, opened, named, clock);
        stock = background;
        named.listen(background::soon);
        members.listen(background);
        background.soon();
        untold.forEach(this::tell);
        return Future.join(consumers.stream().map(MessageConsumer::completion).toList())
                .mapEmpty();
    }

    private void tell(String name) {
        here.head(key(name))
                .compose(found -> found.isPresent() ? told(key(name), found.get()) : Future.succeededFuture())
                .onFailure(cause -> log.atWarn()
                        .addKeyValue("package", name)
                        .setCause(cause)
                        .log("other nodes do not have a package yet that was stored while this one started"));
    }

    static BlobKey key(String name) {
        return new BlobKey(BlobKey.PACKAGES, name);
    }

    private static boolean isPackage(BlobKey key) {
        return key.space().equals(BlobKey.PACKAGES);
    }

    @Override
    public Future<Blob> put(BlobKey key, ReadStream<Buffer> content, Condition condition, long most) {
        if (!isPackage(key)) {
            return here.put(key, content, condition, most);
        }
        // first of all, so that nobody removes it meanwhile
        claims.add(key.name(), self, clock.instant());
        return here.put(key, content, condition, most).compose(blob -> told(key, blob));
    }

    private Future<Blob> told(BlobKey key, Blob blob) {
        // before the look: whoever begins meanwhile tells it, too, which does no harm
        untold.add(key.name());
        if (others == null) {
            return Future.succeededFuture(blob);
        }
        untold.remove(key.name());
        var given = new Giving(key.name(), blob.bytes(), members.others().size());
        giving.add(given);
        return ask(given, new PackageStored(self, key.name(), blob.etag()), 0)
                .onComplete(_ -> giving.remove(given))
                .map(blob);
    }

    /** Asks for as long as the deadline of the cluster, and again while somebody is still reading. */
    private Future<Void> ask(Giving given, PackageStored stored, long before) {
        return everywhere.acknowledged(Addresses.PACKAGE_STORED, stored).recover(cause -> {
            var sent = given.sent();
            return sent > before && given.plausible() && given.since().compareTo(LONGEST) < 0
                    ? ask(given, stored, sent)
                    : Future.failedFuture(cause);
        });
    }

    /** Another node has stored a package: it has to be here, too. */
    private Future<Acknowledged> stored(PackageStored it) {
        claims.add(it.name(), it.node(), clock.instant());
        return held(it).map(Acknowledged.YES);
    }

    private Future<Void> held(PackageStored it) {
        return flights.ended(it.name())
                .compose(_ -> here.head(key(it.name())))
                .recover(Others::damagedIsNone)
                .compose(found -> {
                    // an old copy looks as if no deploy were about to use it
                    if (found.isPresent()
                            && found.get().etag().equals(it.etag())
                            && !Claims.old(found.get().modified(), clock.instant())) {
                        return Future.succeededFuture();
                    }
                    var mine = flights.begin(
                            it.name(), Flights.Kind.CHANGE, () -> reached().from(it.node(), key(it.name())));
                    return mine != null ? mine.mapEmpty() : held(it);
                });
    }

    private Others reached() {
        var now = others;
        if (now == null) {
            throw new Fault(Fault.Kind.STORE_UNAVAILABLE, "this node does not know the others yet");
        }
        return now;
    }

    /** Is here when it completes with true; with false no other node has it. */
    Future<Boolean> obtained(String name) {
        var search = flights.of(name, Flights.Kind.SEARCH);
        if (search != null) {
            return search;
        }
        var mine = flights.begin(name, Flights.Kind.SEARCH, () -> reached().anywhere(key(name)));
        return mine != null
                ? mine
                : flights.ended(name)
                        .compose(_ -> here.head(key(name)))
                        .compose(found -> found.isPresent() ? Future.succeededFuture(true) : obtained(name));
    }

    @Override
    public Future<Optional<Reading>> get(BlobKey key, Range range) {
        return orObtained(key, () -> here.get(key, range));
    }

    @Override
    public Future<Optional<Blob>> head(BlobKey key) {
        return orObtained(key, () -> here.head(key));
    }

    private <T> Future<Optional<T>> orObtained(BlobKey key, Supplier<Future<Optional<T>>> look) {
        var found = look.get();
        return !isPackage(key) || others == null
                ? found
                : found.compose(one -> one.isPresent()
                        ? Future.succeededFuture(one)
                        : obtained(key.name()).compose(there -> there ? look.get() : Future.succeededFuture(one)));
    }

    @Override
    public <T> Future<T> until(String hash, Supplier<Future<T>> use) {
        return use.get().recover(cause -> {
            var now = others;
            return now == null ? Future.failedFuture(cause) : replaced(hash, use, now, 0, cause);
        });
    }

    private <T> Future<T> replaced(String hash, Supplier<Future<T>> use, Others from, int next, Throwable cause) {
        var nearest = from.nearest();
        if (next >= nearest.size() || !Others.bad(cause)) {
            return Future.failedFuture(cause);
        }
        log.atWarn()
                .addKeyValue("package", hash)
                .addKeyValue("node", nearest.get(next).name())
                .setCause(cause)
                .log("a package does not open; trying the copy of another node");
        return flights.alone(hash, Flights.Kind.CHANGE, () -> from.copy(nearest.get(next), key(hash)))
                .otherwise(false)
                .compose(fresh -> fresh ? use.get() : Future.failedFuture(cause))
                .recover(again -> replaced(hash, use, from, next + 1, again));
    }

    @Override
    public Future<Boolean> delete(BlobKey key) {
        if (!isPackage(key)) {
            return here.delete(key);
        }
        var name = key.name();
        claims.remove(name, self);
        return flights.alone(
                        name,
                        Flights.Kind.CHANGE,
                        // another node may be deploying the same bytes: if not, it is found later
                        () -> claimed(name) ? here.head(key).map(Optional::isPresent) : here.delete(key))
                .onSuccess(_ -> {
                    if (others != null) {
                        Addresses.PACKAGE_FORGOTTEN.publish(vertx, new PackageForgotten(self, name));
                    }
                });
    }

    private void forgotten(PackageForgotten it) {
        if (!it.node().equals(self)) {
            claims.remove(it.name(), it.node());
            discarded(it.name());
        }
    }

    /** Removes the copy here, unless a version names it or may be about to. */
    void discarded(String name) {
        if (!needed(name)) {
            var removed = flights.begin(
                    name,
                    Flights.Kind.CHANGE,
                    () -> needed(name) ? Future.succeededFuture(false) : here.delete(key(name)));
            if (removed != null) {
                removed.onFailure(cause -> log.atWarn()
                        .addKeyValue("package", name)
                        .setCause(cause)
                        .log("unused package not removed"));
            }
        }
    }

    private boolean claimed(String name) {
        return claims.any(name, clock.instant());
    }

    private boolean needed(String name) {
        return claimed(name) || named.has(name);
    }

    /** Looks at once for what is missing here and for what is not needed any more; {@link #begin} sees to it that this is done now and then. */
    Future<Void> look() {
        var background = stock;
        return background == null ? Future.succeededFuture() : background.look();
    }

    @Override
    public Future<Optional<Reading>> read(BlobKey key) {
        return here.get(key, Range.ALL)
                .map(found -> found.map(reading -> new Reading(
                        reading.blob(),
                        reading.range(),
                        new Given(reading.content(), key.name(), giving),
                        reading.cancel())));
    }

    @Override
    public Future<Page> list(String space, String prefix, @Nullable String after, int most) {
        return here.list(space, prefix, after, most);
    }

    @Override
    public Future<Void> drop(String space) {
        return here.drop(space);
    }

    @Override
    public Optional<URI> presign(BlobKey key, Duration life) {
        return here.presign(key, life);
    }

    @Override
    public BlobStore blobs() {
        return this;
    }

    @Override
    public Durability durability() {
        return new Durability(
                Durability.Level.DISK,
                Durability.Fencing.ONE_PROCESS,
                "the disks of all nodes at once; packages only, tenants' own blobs need s3");
    }

    @Override
    public List<Health> health() {
        return files.health();
    }

    @Override
    public Future<Void> close() {
        var background = stock;
        if (background != null) {
            background.close();
        }
        return Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
                .eventually(files::close)
                .mapEmpty();
    }
}
