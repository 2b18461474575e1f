package smcp.store.blob;

import static smcp.store.Samples.get;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import smcp.bus.Address;
import smcp.bus.Fault;
import smcp.bus.RecordCodec;
import smcp.contract.BlobStore;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;
import smcp.contract.BlobStore.Range;
import smcp.contract.BlobStore.Reading;
import smcp.contract.Everywhere;
import smcp.contract.Member;
import smcp.contract.PeerBlobs;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.control.testing.MemoryRegistry;
import smcp.tenant.EngineKind;
import smcp.tenant.Manifest;
import smcp.tenant.TenantId;
import smcp.tenant.Version;
import smcp.tenant.VersionRef;
import smcp.testing.TestClock;
import smcp.testing.TestMembers;

/** Nodes with a disk each, one registry, and ways between them that do as they are told. */
final class Sites implements AutoCloseable {
    final Vertx vertx = Vertx.vertx();
    final TestClock clock = new TestClock();
    final MemoryRegistry registry = new MemoryRegistry();
    final List<Site> sites = new ArrayList<>();
    private final Path folder;
    private final Duration within;

    /** @param within deadline of what all nodes acknowledge */
    Sites(Path folder, Duration within) {
        this.folder = folder;
        this.within = within;
        RecordCodec.install(vertx);
    }

    /** One node more, which reaches the others. */
    Site begun() {
        var site = new Site();
        get(site.packages.begin(site, site.packages));
        return site;
    }

    /** One that is starting. */
    Site starting() {
        return new Site();
    }

    static BlobKey key(int number) {
        return new BlobKey(BlobKey.PACKAGES, "%064x".formatted(number));
    }

    /** A version names the package from now on. */
    void name(int number, BlobKey key) {
        var manifest = new Manifest("acme", null, null, null, null, EngineKind.JS, "m.js", null, null, false);
        var ref = new VersionRef(new TenantId("acme"), number);
        var version = new Version(ref, key.name(), 1, manifest, Instant.EPOCH, "bob");
        get(registry.commit(List.of(RegistryWrite.create(RegistryKey.version(ref), version))));
    }

    @Override
    public void close() {
        sites.forEach(site -> get(site.packages.close()));
        get(vertx.close());
    }

    /** What a way does with a package. */
    enum Way {
        QUICK,
        /** A moment for each buffer. */
        SLOW,
        /** Nothing arrives until {@link Site#released}. */
        HELD,
        /** The second buffer does not come. */
        CUT,
        /** A bit is another one at the end. */
        WRONG
    }

    /** A node; it is its own way to the others. */
    final class Site implements PeerBlobs, Everywhere {
        final TestMembers members;
        final Path disk;
        final smcp.store.BlobBackend files;
        final CopiedPackages packages;
        /** How often others asked for a package. */
        final AtomicInteger asked = new AtomicInteger();

        volatile boolean unreachable;
        /** From the others to this one. */
        volatile Way way = Way.QUICK;

        private final List<Runnable> held = new ArrayList<>();

        Site() {
            this.members = sites.isEmpty()
                    ? TestMembers.alone()
                    : sites.getFirst().members.another();
            this.disk = folder.resolve(members.self().name());
            try {
                this.files = FileBlobs.open(vertx, disk, FilesConfig.DEFAULT, clock);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            this.packages = CopiedPackages.over(vertx, files, registry, members, this, clock);
            sites.add(this);
        }

        @Override
        public Future<Optional<Reading>> fetch(Member member, BlobKey key) {
            var other = sites.stream()
                    .filter(site -> site.members.self().is(member))
                    .findFirst()
                    .orElseThrow();
            other.asked.incrementAndGet();
            if (other.unreachable) {
                return Future.failedFuture(new Fault(Fault.Kind.NODE_UNREACHABLE, member.name() + " is away"));
            }
            return other.packages
                    .read(key)
                    .recover(cause -> Future.failedFuture(lost(cause)))
                    .map(found -> found.map(reading -> new Reading(
                            reading.blob(), reading.range(), new Travelling(reading.content()), reading.cancel())));
        }

        /** What was held comes. */
        void released() {
            List<Runnable> all;
            synchronized (held) {
                way = Way.QUICK;
                all = List.copyOf(held);
            }
            all.forEach(Runnable::run);
        }

        boolean isHeld() {
            synchronized (held) {
                return !held.isEmpty();
            }
        }

        @Override
        public <Q extends Record> Future<Void> acknowledged(Address<Q, Acknowledged> address, Q body) {
            var until = System.nanoTime() + within.toNanos();
            return Future.join(members.others().stream()
                            .map(other -> asked(other, address.on(other.id()), body, until))
                            .toList())
                    .mapEmpty();
        }

        private <Q extends Record> Future<Void> asked(
                Member other, Address<Q, Acknowledged> address, Q body, long until) {
            if (members.others().stream().noneMatch(other::is)) {
                return Future.succeededFuture();
            }
            return address.ask(vertx, body, Duration.ofMillis(100)).transform(answer -> {
                if (answer.succeeded()) {
                    return Future.succeededFuture();
                }
                return System.nanoTime() > until
                        ? Future.failedFuture(new Fault(
                                Fault.Kind.STORE_UNAVAILABLE, "not acknowledged by " + other.name(), answer.cause()))
                        : vertx.timer(5, TimeUnit.MILLISECONDS).compose(_ -> asked(other, address, body, until));
            });
        }

        /** Its packages, if only what has this length opens. */
        BlobStore sealing(byte[] sound) {
            return (BlobStore) Proxy.newProxyInstance(
                    BlobStore.class.getClassLoader(), new Class<?>[] {BlobStore.class}, (_, method, arguments) -> {
                        var answer = (Future<?>) method.invoke(packages, arguments);
                        return answer.compose(found -> found instanceof Optional<?> one
                                        && one.isPresent()
                                        && one.get() instanceof Reading reading
                                        && reading.blob().bytes() != sound.length
                                ? Future.failedFuture(new Fault(Fault.Kind.SEALED, "its key is gone"))
                                : Future.succeededFuture(found));
                    });
        }

        Future<?> putting(BlobKey key, byte[] content) {
            return packages.put(key, ByteStream.of(vertx, content), Condition.ALWAYS, Long.MAX_VALUE);
        }

        void put(BlobKey key, byte[] content) {
            get(putting(key, content));
        }

        /** Nothing if there is none. */
        Future<byte[]> reading(BlobKey key) {
            return packages.get(key, Range.ALL)
                    .compose(found -> found.isEmpty()
                            ? Future.succeededFuture(new byte[0])
                            : BlobStoreContract.read(found.get()));
        }

        /** What is on this node's disk; null if it is not. */
        byte @Nullable [] onDisk(BlobKey key) {
            var found = get(files.blobs().get(key, Range.ALL));
            return found.isEmpty() ? null : get(BlobStoreContract.read(found.get()));
        }

        boolean has(BlobKey key) {
            return get(files.blobs().head(key)).isPresent();
        }

        /** A package on its way to this node. */
        private final class Travelling extends Passing {
            private int buffers;
            private @Nullable Handler<Throwable> failed;

            Travelling(ReadStream<Buffer> content) {
                super(content);
            }

            @Override
            void passes(Buffer buffer) {
                buffers++;
            }

            @Override
            public Passing exceptionHandler(@Nullable Handler<Throwable> given) {
                failed = given;
                return super.exceptionHandler(given == null ? null : cause -> given.handle(lost(cause)));
            }

            @Override
            public Passing handler(@Nullable Handler<Buffer> given) {
                return super.handler(
                        given == null
                                ? null
                                : buffer -> {
                                    if (way == Way.CUT && buffers == 2 && failed != null) {
                                        failed.handle(lost(new IOException("cut")));
                                    } else if (way != Way.CUT || buffers < 2) {
                                        given.handle(way == Way.WRONG ? wrong(buffer) : buffer);
                                    }
                                });
            }

            private Buffer wrong(Buffer buffer) {
                var last = buffer.length() - 1;
                return buffer.copy().setByte(last, (byte) (buffer.getByte(last) ^ 1));
            }

            @Override
            public Passing fetch(long amount) {
                synchronized (held) {
                    if (way == Way.HELD) {
                        held.add(() -> pass(amount));
                        return this;
                    }
                }
                if (way == Way.SLOW) {
                    var _ = vertx.setTimer(20, _ -> pass(amount));
                    return this;
                }
                return pass(amount);
            }

            @CanIgnoreReturnValue
            private Passing pass(long amount) {
                return super.fetch(amount);
            }
        }
    }

    private static Fault lost(Throwable cause) {
        return new Fault(Fault.Kind.NODE_LOST, "broke off: " + cause.getMessage(), cause);
    }
}
