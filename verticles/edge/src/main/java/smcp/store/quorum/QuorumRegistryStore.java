package smcp.store.quorum;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.store.Caller;
import smcp.store.Durability;
import smcp.store.Durability.Fencing;
import smcp.store.Durability.Level;
import smcp.store.Health;
import smcp.store.RegistryStore;

/**
 * The registry's records on the disk of each member, with a majority's consent (Raft, by Apache Ratis). A commit completes when a majority of the members has it on its disk and this node's feed has heard it. Expected revisions are compared where all members do the same in the same order, so nobody overwrites what he
 * has not seen, whichever node he writes on.
 *
 * <p>A node that is cut off from the majority goes on with what it has heard, which may be out of date, and refuses to write; {@link #health} says so. What it began to write just before is either known to be done, or answered as uncertain.
 */
public final class QuorumRegistryStore implements RegistryStore {
    private static final Logger log = LoggerFactory.getLogger(QuorumRegistryStore.class);
    private static final long TICK_MILLIS = 25;
    private static final long BEGIN_AGAIN_MILLIS = 2_000;

    /** More than the longest record, and less than what the parts of unfinished requests may take together. */
    private static final int MOST_BYTES = 64 << 20;

    private final QuorumConfig config;
    private final String self;
    private final Path directory;
    private final Commits commits;
    private final Touch touch;
    private final Health health;
    private final ScheduledExecutorService thread;

    private volatile @Nullable Replica replica;
    private volatile @Nullable Member member;
    private volatile boolean closed;

    /** When a member that ended by itself may be begun again; of the thread. */
    private long againAt;

    private QuorumRegistryStore(QuorumConfig config, String self, Path directory) {
        this.config = config;
        this.self = self;
        this.directory = directory;
        this.commits = new Commits(config.limits());
        this.touch = new Touch(config.limits().electionMillis());
        this.health = new Health("registry", this::probe);
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("smcp-quorum").factory());
    }

    /**
     * One that is not open yet.
     *
     * @param self this node's name among the members
     * @param directory of this node alone; what is kept is in {@code quorum} below it
     */
    public static QuorumRegistryStore of(QuorumConfig config, String self, Path directory) {
        var _ = config.address(self); // or throws
        return new QuorumRegistryStore(config, self, directory.resolve("quorum"));
    }

    /**
     * Begins this node's member, and waits until it knows what the majority knows, for {@code limits.openMillis} at most: without a majority the node starts with what its disk has, which may be nothing. Fails only if the member cannot be begun: its port is taken, its files are damaged, a certificate cannot be read.
     */
    @Override
    public Future<Void> open(Consumer<List<Stored>> feed) {
        var opened = new CompletableFuture<Void>();
        var answer = Caller.future(opened);
        thread.execute(() -> open(feed, opened));
        return answer;
    }

    private void open(Consumer<List<Stored>> feed, CompletableFuture<Void> opened) {
        try {
            var told = new Replica(feed, commits);
            replica = told;
            member = Member.start(config, self, directory, told);
            touch.begin(System.nanoTime());
        } catch (IOException | RuntimeException e) {
            opened.completeExceptionally(new Fault(
                    Fault.Kind.STORE_UNAVAILABLE,
                    "the registry in " + directory + " cannot be opened: " + deepest(e),
                    e));
            return;
        }
        var _ = thread.scheduleWithFixedDelay(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        // a request that changes nothing comes back when everything before it was heard
        var mark =
                begin(Request.restore(List.of(), 0), List.of(), config.limits().openMillis());
        var _ = mark.whenComplete((_, failure) -> {
            if (failure != null) {
                log.atWarn()
                        .addKeyValue("reason", failure.getMessage())
                        .log("the registry starts with what this disk has");
            }
            opened.complete(null);
        });
    }

    private static Throwable deepest(Throwable failure) {
        var cause = failure.getCause();
        return cause == null ? failure : deepest(cause);
    }

    @Override
    public Future<Void> commit(List<Change> changes) {
        var weight = changes.stream().mapToLong(Change::weight).sum();
        if (weight > MOST_BYTES) {
            return Future.failedFuture(new Fault(
                    Fault.Kind.INVALID_INPUT, "a commit must have at most " + MOST_BYTES + " bytes, got " + weight));
        }
        return asked(Request.commit(changes), changes);
    }

    /** As {@link smcp.store.Copies#registry}. */
    public Future<List<Stored>> since(long revision) {
        var opened = replica;
        return opened == null
                ? Future.failedFuture(new IllegalStateException("open first"))
                : Future.succeededFuture(opened.state().page(revision));
    }

    /**
     * As {@link smcp.store.Copies#restore(List)} and {@link smcp.store.Copies#raise}; completes when the feed has heard it.
     *
     * @param above revisions given from now on are greater
     */
    public Future<Void> restore(List<Stored> records, long above) {
        return asked(Request.restore(records, above), List.of());
    }

    private Future<Void> asked(Request request, List<Change> changes) {
        if (replica == null) {
            return Future.failedFuture(new IllegalStateException("open first"));
        }
        var alone = touch.alone();
        if (alone != null) {
            return Future.failedFuture(alone);
        }
        try {
            return Caller.future(begin(request, changes, config.limits().commitMillis()))
                    .mapEmpty();
        } catch (Fault e) {
            return Future.failedFuture(e);
        }
    }

    private CompletableFuture<Long> begin(Request request, List<Change> changes, int millis) {
        var begun = commits.begin(request, changes, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
        try {
            if (closed) {
                throw new RejectedExecutionException();
            }
            thread.execute(this::send);
        } catch (RejectedExecutionException e) {
            commits.close();
        }
        return begun.done();
    }

    private void send() {
        var running = member;
        var leader = running == null ? null : running.leader();
        if (running != null && leader != null) {
            commits.send(running, leader);
        }
    }

    private void tick() {
        try {
            var now = System.nanoTime();
            beginAgain(now);
            var running = member;
            touch.look(
                    running == null ? null : running.leader(),
                    running,
                    config.members().size(),
                    now);
            send();
            var alone = touch.alone();
            commits.expire(now, alone);
            if (alone != null) {
                health.ended(alone);
            } else if (touch.isThere() && health.trouble() != null) {
                var _ = health.probe();
            }
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("the registry's member could not be looked after");
        }
    }

    /** A member ends by itself when its disk fails; it may work again later. */
    private void beginAgain(long now) {
        var running = member;
        var told = replica;
        if (closed
                || told == null
                || (running != null && running.isAlive())
                || (running == null && now - againAt < 0)) {
            return;
        }
        try {
            if (running != null) {
                member = null;
                log.atError().log("the registry's member ended; it is begun again");
                running.stop();
            }
            member = Member.start(config, self, directory, told);
        } catch (IOException | RuntimeException e) {
            againAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BEGIN_AGAIN_MILLIS);
            log.atError().setCause(e).log("the registry's member cannot be begun");
        }
    }

    private Future<?> probe() {
        var alone = touch.alone();
        return alone == null && touch.isThere()
                ? Future.succeededFuture()
                : Future.failedFuture(alone == null ? Commits.unavailable("no leader is known") : alone);
    }

    /** Whether this node is in touch with a majority: a node that is not serves what it knew when it last was. */
    public List<Health> health() {
        return List.of(health);
    }

    /** Whether this node follows a leader whom a majority made, or is that leader; for {@link #health} a node may be without one for as long as the choice of one takes. */
    public boolean inTouch() {
        return touch.isThere();
    }

    /** Does this node's member lead? For tests. */
    boolean leads() {
        var running = member;
        var leader = running == null ? null : running.leader();
        return running != null && leader != null && leader.id().equals(running.self());
    }

    /** Makes the members of this node's configuration those of the registry, on all nodes: how a member is added, removed or replaced. A majority of the old and of the new must be there. */
    public Future<Void> reconfigure() {
        var running = member;
        if (running == null) {
            return Future.failedFuture(Commits.unavailable("this node's own member of it does not run"));
        }
        var done = new CompletableFuture<Void>();
        var answer = Caller.future(done);
        var _ = Thread.ofVirtual().name("smcp-quorum-members").start(() -> {
            try {
                running.reconfigure(config);
                done.complete(null);
            } catch (IOException | RuntimeException e) {
                done.completeExceptionally(new Fault(
                        Fault.Kind.STORE_UNAVAILABLE, "the registry's members could not be changed: " + deepest(e), e));
            }
        });
        return answer;
    }

    @Override
    public Durability durability() {
        var members = config.members().size();
        return new Durability(
                Level.REPLICATED_DISK,
                Fencing.TERM,
                members == 1
                        ? "the disk itself; one member only"
                        : "nothing while a majority of the members' disks survives: " + config.majority() + " of "
                                + members);
    }

    /** Nothing: requests are looked after more often. */
    @Override
    public void expire(long nanoTime) {
        // tick does it
    }

    @Override
    public Future<Void> close() {
        closed = true;
        var done = new CompletableFuture<Void>();
        var answer = Caller.future(done);
        var _ = Thread.ofVirtual().name("smcp-quorum-close").start(() -> {
            try {
                stop();
                done.complete(null);
            } catch (IOException | InterruptedException | RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return answer;
    }

    private void stop() throws IOException, InterruptedException {
        thread.shutdown();
        try (var _ = thread) {
            commits.close();
        }
        var running = member;
        member = null;
        if (running != null) {
            running.stop();
        }
        commits.close();
    }
}
