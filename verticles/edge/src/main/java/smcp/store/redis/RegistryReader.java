package smcp.store.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import smcp.protocol.Json;
import smcp.store.RegistryStore.Stored;
import smcp.store.redis.RegistryFollower.Witness;

/** Reads the registry page by page, so that no reply holds the server up, into one consistent piece: what changes between two pages has a higher revision then and comes again. */
final class RegistryReader {
    private static final Script READ = Script.resource("registry-read");
    private static final byte[] PAGE_BYTES = RedisKeys.bytes(1 << 20);

    /** Pages of one reading; a registry that changes faster than it can be read is not waited for. */
    private static final int MOST_PAGES = 100_000;

    private final RedisLink link;
    private final RegistryKeys keys;

    RegistryReader(RedisLink link, RegistryKeys keys) {
        this.link = link;
        this.keys = keys;
    }

    /**
     * @param whole are these all live records, because the history is not the one that was known? Otherwise what changed, tombstones included
     * @param changed in order of revisions
     * @param newest commit of what was read
     */
    record News(boolean whole, List<Stored> changed, Witness newest) {}

    /** Every live record. */
    Future<News> all() {
        return new Reading(Witness.NONE, true).start();
    }

    /** What came after {@code known}; everything if that is not possible. */
    Future<News> since(Witness known) {
        return new Reading(known, false).start();
    }

    /** Some of what is above {@code revision}, oldest first, whole commits; none if there is no more. */
    Future<List<Stored>> page(long revision) {
        return link.run(READ, keys.all(), args(revision, Witness.NONE))
                .map(Answer::of)
                .compose(answer -> answer.text(0).equals("ok")
                        ? Future.succeededFuture(records(answer))
                        : Future.failedFuture(RedisSchema.newer(answer.text(1))));
    }

    private static List<byte[]> args(long after, Witness witness) {
        return List.of(
                RedisKeys.bytes(RedisSchema.CURRENT),
                RedisKeys.bytes(after),
                RedisKeys.bytes(witness.revision()),
                RedisKeys.bytes(witness.mark()),
                PAGE_BYTES);
    }

    private static List<Stored> records(Answer answer) {
        var records = new ArrayList<Stored>();
        for (var i = 5; i < answer.size(); i += 3) {
            var json = answer.bytes(i + 2);
            records.add(new Stored(answer.text(i), answer.number(i + 1), json.length == 0 ? null : Json.of(json)));
        }
        return records;
    }

    private final class Reading {
        private final boolean whole;
        private final Map<String, Stored> found = new HashMap<>();
        private final Promise<News> done = Promise.promise();
        private long after;
        private Witness witness;
        private int pages;

        Reading(Witness known, boolean whole) {
            this.whole = whole;
            this.after = known.revision();
            this.witness = known;
        }

        Future<News> start() {
            page();
            return done.future();
        }

        private void page() {
            link.run(READ, keys.all(), args(after, witness))
                    .map(Answer::of)
                    .onFailure(done::tryFail)
                    .onSuccess(answer -> {
                        switch (answer.text(0)) {
                            case "ok" -> took(answer);
                            case "lost" -> all().onComplete(done);
                            default -> done.tryFail(RedisSchema.newer(answer.text(1)));
                        }
                    });
        }

        private void took(Answer answer) {
            records(answer).forEach(record -> found.put(record.path(), record));
            var newest = new Witness(answer.number(1), answer.text(2));
            if (answer.text(3).equals("0")) {
                done.tryComplete(new News(whole, sorted(), newest));
                return;
            }
            if (++pages > MOST_PAGES) {
                done.tryFail(RedisFaults.unavailable("the registry changes faster than it can be read"));
                return;
            }
            after = answer.number(4);
            if (witness.revision() == 0) {
                witness = newest; // the pages that follow are of the same history
            }
            page();
        }

        private List<Stored> sorted() {
            var all = new ArrayList<>(found.values());
            if (whole) {
                all.removeIf(stored -> stored.json() == null);
            }
            all.sort(Comparator.comparingLong(Stored::revision));
            return all;
        }
    }
}
