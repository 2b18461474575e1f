package smcp.store.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.store.Conflicts;
import smcp.store.Durability;
import smcp.store.RegistryStore;
import smcp.store.redis.Errand.Confirmation;

/**
 * The registry's records in Redis, for all nodes at once. A commit is one script, and is acknowledged when as many replicas have it as the configuration wants; what every node sees of it, its own included, comes by way of the log
 * ({@link RegistryFollower}).
 *
 * <p>Revisions are the master's time in microseconds, or one more than the last where that is greater: a master that lost the last commits in a failover does not give their revisions again, because its time has gone on.
 */
final class RedisRegistryStore implements RegistryStore {
    /** A script holds up the server while it runs, so what it may be given is bounded. */
    private static final int MOST_BYTES = 64 << 20;

    private static final String LOG_ENTRIES = "10000";
    private static final String TOMBSTONES = "100000";
    private static final Script COMMIT = Script.resource("registry-commit");
    private static final Script RESTORE = Script.resource("registry-restore");

    private final RedisLink link;
    private final Lane writing;
    private final RegistryKeys keys;
    private final Durability durability;
    private final @Nullable Confirmation confirmation;
    private @Nullable RegistryFollower follower;
    private volatile boolean closed;

    RedisRegistryStore(RedisLink link, Durability durability) {
        this.link = link;
        this.writing = link.ownLane();
        this.keys = new RegistryKeys(link.keys());
        this.durability = durability;
        var waits = link.config().registry();
        this.confirmation = waits.waitReplicas() == 0
                ? null
                : new Confirmation(waits.waitReplicas(), waits.waitMillis(), RedisRegistryStore::done);
    }

    @Override
    public Future<Void> open(Consumer<List<Stored>> feed) {
        var opened = new RegistryFollower(link, keys, feed);
        follower = opened;
        return opened.start();
    }

    @Override
    public Future<Void> commit(List<Change> changes) {
        var opened = follower;
        if (opened == null) {
            return Future.failedFuture(new IllegalStateException("open first"));
        }
        if (closed) {
            return Future.failedFuture(RedisFaults.unavailable("the registry is closed"));
        }
        var weight = changes.stream().mapToLong(Change::weight).sum();
        if (weight > MOST_BYTES) {
            return Future.failedFuture(new Fault(
                    Fault.Kind.INVALID_INPUT, "a commit must have at most " + MOST_BYTES + " bytes, got " + weight));
        }
        return sent(args(changes)).compose(answer -> switch (answer.text(0)) {
            case "ok" -> opened.heard(answer.number(1), written(changes));
            case "conflict" -> conflict(changes, answer);
            default -> Future.failedFuture(RedisSchema.newer(answer.text(1)));
        });
    }

    /** As {@link smcp.store.Copies#registry}. */
    Future<List<Stored>> since(long revision) {
        return new RegistryReader(link, keys).page(revision);
    }

    /**
     * As {@link smcp.store.Copies#restore(List)}; completes when the feed has heard it.
     *
     * @param above revisions given from now on are greater
     */
    Future<Void> restore(List<Stored> records, long above) {
        var opened = Objects.requireNonNull(follower, "open first");
        var mark = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        var args = new ArrayList<byte[]>(3 + 3 * records.size());
        args.add(RedisKeys.bytes(RedisSchema.CURRENT));
        args.add(RedisKeys.bytes(mark));
        args.add(RedisKeys.bytes(above));
        for (var record : records) {
            var json = record.json();
            args.add(RedisKeys.bytes(record.path()));
            args.add(RedisKeys.bytes(record.revision()));
            args.add(json == null ? new byte[0] : json.detached().bytes());
        }
        return writing.run(RESTORE, keys.all(), args)
                .map(Answer::of)
                .compose(answer -> answer.text(0).equals("ok")
                        ? opened.heard(answer.number(1), null)
                        : Future.failedFuture(RedisSchema.newer(answer.text(1))));
    }

    private Future<Answer> sent(List<byte[]> args) {
        var sent = confirmation == null
                ? writing.run(COMMIT, keys.all(), args)
                : writing.run(COMMIT, keys.all(), args, confirmation);
        return sent.map(Answer::of);
    }

    private static List<byte[]> args(List<Change> changes) {
        var mark = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        var args = new ArrayList<byte[]>(4 + 3 * changes.size());
        for (var each : List.of(RedisSchema.CURRENT, mark, LOG_ENTRIES, TOMBSTONES)) {
            args.add(RedisKeys.bytes(each));
        }
        for (var change : changes) {
            var json = change.json();
            args.add(RedisKeys.bytes(change.path()));
            args.add(RedisKeys.bytes(change.expected()));
            args.add(json == null ? new byte[0] : json.detached().bytes());
        }
        return args;
    }

    private static @Nullable String written(List<Change> changes) {
        return changes.stream()
                .filter(change -> change.json() != null)
                .map(Change::path)
                .findFirst()
                .orElse(null);
    }

    private static boolean done(Response answer) {
        return Answer.of(answer).text(0).equals("ok");
    }

    private static Future<Void> conflict(List<Change> changes, Answer answer) {
        try {
            Conflicts.check(changes.get(answer.count(1)), answer.number(2));
            return Future.failedFuture(new IllegalStateException("a conflict that is none"));
        } catch (Fault e) {
            return Future.failedFuture(e);
        }
    }

    @Override
    public Durability durability() {
        return durability;
    }

    /** Nothing: every command has a deadline of its own. */
    @Override
    public void expire(long nanoTime) {
        // the link's timers do it
    }

    @Override
    public Future<Void> close() {
        closed = true;
        return follower == null ? writing.close() : follower.stop().compose(_ -> writing.close());
    }
}
