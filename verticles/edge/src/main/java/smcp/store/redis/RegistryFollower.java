package smcp.store.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.store.RegistryStore.Stored;

/**
 * Tells a node what became of the registry, whoever changed it. A blocking read of the log wakes it; it looks once a second anyway, so a lost wake-up costs a second and no truth. What it reads are not the log's entries but all records above
 * the revision it knows, in one consistent piece: commits that follow each other closely may be told as one.
 *
 * <p>The log also shows whether the history is still the one this node has heard: its last commit must be in there. If it is not (lost in a failover, another Redis, or too long ago), everything is read again, and the feed hears the
 * difference. Confined to the link's context.
 */
final class RegistryFollower {
    private static final Logger log = LoggerFactory.getLogger(RegistryFollower.class);
    private static final long WAKE_MILLIS = 1_000;
    private static final long TRY_AGAIN_MILLIS = 200;

    private final RedisLink link;
    private final RegistryKeys keys;
    private final Consumer<List<Stored>> feed;
    private final RegistryReader reader;
    private final Lane waking;

    /** Revisions of the live records the feed has heard of. */
    private final Map<String, Long> live = new HashMap<>();

    /** Commits made here that the feed has not heard yet. */
    private final TreeMap<Long, Awaited> awaited = new TreeMap<>();

    private Witness heard = Witness.NONE;
    private boolean looking;
    private boolean again;
    private boolean closed;

    /** A commit that is known to have been in the log. */
    record Witness(long revision, String mark) {
        static final Witness NONE = new Witness(0, "");
    }

    /**
     * A commit made here; its revision is no other's.
     *
     * @param path of one of its records; null if it only deleted
     */
    private record Awaited(@Nullable String path, Promise<Void> told) {}

    RegistryFollower(RedisLink link, RegistryKeys keys, Consumer<List<Stored>> feed) {
        this.link = link;
        this.keys = keys;
        this.feed = feed;
        this.reader = new RegistryReader(link, keys);
        this.waking = link.ownLane();
    }

    /** Completes when the feed has heard every live record. */
    Future<Void> start() {
        return link.atHome(() -> reader.all().map(all -> {
            replace(all);
            follow();
            return null;
        }));
    }

    /**
     * Completes when the feed has heard the commit of this revision.
     *
     * @param path of one of its records; null if it only deleted
     */
    Future<Void> heard(long revision, @Nullable String path) {
        return link.atHome(() -> {
            if (revision <= heard.revision()) {
                return Future.succeededFuture();
            }
            if (closed) {
                return Future.failedFuture(RedisFaults.unavailable("written, but the store is being closed"));
            }
            var promise = Promise.<Void>promise();
            awaited.put(revision, new Awaited(path, promise));
            look();
            var millis = link.config().limits().commandMillis();
            return promise.future()
                    .timeout(millis, TimeUnit.MILLISECONDS)
                    .recover(cause -> Future.failedFuture(
                            cause instanceof Fault
                                    ? cause
                                    : RedisFaults.unavailable("written, but it could not be read back in time")));
        });
    }

    /** Waits for the next entry of the log, looks, and waits again. */
    private void follow() {
        if (closed) {
            return;
        }
        waking.blocking(
                        WAKE_MILLIS,
                        keys.log(),
                        Command.XREAD,
                        "COUNT",
                        "1",
                        "BLOCK",
                        Long.toString(WAKE_MILLIS),
                        "STREAMS",
                        keys.log(),
                        heard.revision() + "-0")
                .onComplete(woken -> {
                    look();
                    if (woken.succeeded()) {
                        follow();
                    } else {
                        link.vertx().setTimer(TRY_AGAIN_MILLIS, _ -> follow());
                    }
                });
    }

    private void look() {
        if (closed) {
            return;
        }
        if (looking) {
            again = true;
            return;
        }
        looking = true;
        again = false;
        reader.since(heard).onComplete(result -> {
            looking = false;
            if (closed) {
                return;
            }
            if (result.succeeded()) {
                take(result.result());
            } // otherwise the link has said why, and the next second comes
            if (again) {
                look();
            }
        });
    }

    private void take(RegistryReader.News news) {
        if (news.whole()) {
            log.atWarn()
                    .addKeyValue("revision", heard.revision())
                    .log("the registry in Redis is not the one it was: read again from the start");
            replace(news);
            settle();
            fail("the registry was replaced, by a failover or by hand, and may not have this write");
            return;
        }
        news.changed().forEach(this::note);
        if (!news.changed().isEmpty()) {
            feed.accept(news.changed());
        }
        heard = news.newest();
        var done = awaited.headMap(heard.revision(), true);
        var told = List.copyOf(done.values());
        done.clear();
        told.forEach(each -> each.told().tryComplete());
    }

    /** After the history was replaced, a record that bears a commit's revision proves that the commit is there. */
    private void settle() {
        awaited.entrySet().removeIf(entry -> {
            var path = entry.getValue().path();
            var there = path != null && entry.getKey().equals(live.get(path));
            return there && entry.getValue().told().tryComplete();
        });
    }

    private void note(Stored stored) {
        if (stored.json() == null) {
            live.remove(stored.path());
        } else {
            live.put(stored.path(), stored.revision());
        }
    }

    /** Tells the feed what leads from what it heard to what there is. */
    private void replace(RegistryReader.News all) {
        var fresh = new HashMap<String, Long>();
        var told = new ArrayList<Stored>();
        for (var stored : all.changed()) {
            fresh.put(stored.path(), stored.revision());
            var was = live.get(stored.path());
            if (was == null || was != stored.revision()) {
                told.add(stored);
            }
        }
        for (var path : live.keySet()) {
            if (!fresh.containsKey(path)) {
                told.add(new Stored(path, all.newest().revision(), null));
            }
        }
        live.clear();
        live.putAll(fresh);
        heard = all.newest();
        feed.accept(told);
    }

    private void fail(String why) {
        var untold = List.copyOf(awaited.values());
        awaited.clear();
        untold.forEach(each -> each.told().tryFail(RedisFaults.unavailable(why)));
    }

    Future<Void> stop() {
        return link.atHome(() -> {
            closed = true;
            fail("written, but the store is being closed");
            return waking.close();
        });
    }
}
