package smcp.store.redis;

import static smcp.store.redis.RedisKeys.bytes;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.tenant.TenantId;

/**
 * Which tenants have something of one kind that is due, and when: one sorted set for all tenants, because nobody can ask each of them each second. It cannot be in the slot of every tenant, so it is not changed in one step with them. It may name a
 * tenant that has nothing due (looking costs a round trip); it never misses one:
 *
 * <ul>
 *   <li>An entry is {@code <number>:<tenant>}, its score at most the earliest instant for which it stands. The tenant's half, its <i>marker</i>, says which entry is <i>live</i>, and a <i>claim</i>: "an entry with that number is in the index, at
 *       this score or an earlier one".
 *   <li>A script that writes something due at {@code d} does so only under a live claim of at most {@code d}, in the same step. Otherwise it writes nothing and asks for an entry: a new number and a score that suits {@code d} and the old claim.
 *       The caller puts that into the index <i>first</i> (the lower score wins) and calls the script again, which takes it as the live one if its number is still above all that were taken or burnt before. So whenever the claim says something,
 *       the entry has been there.
 *   <li>An entry is removed only after the tenant said, in one step, that its number is not live and never will be: it was superseded, or nothing is left and the claim was given up, or it was never taken and is now <i>burnt</i>; who still wants to
 *       take it must ask again. An entry's score is raised only after the claim was, in the step that looked at the earliest of the tenant. So removing and raising late, or twice, by several nodes, does no harm: numbers are never reused and claims
 *       of one number only rise.
 * </ul>
 *
 * <p>Numbers start from the server's microseconds, so that they also differ from those before a loss of the marker. What no protocol covers is a Redis that forgets what it acknowledged (a failover, in a Cluster of the index' master alone): a claim is
 * therefore believed for ten minutes after it was last confirmed, then the next write puts the entry there again. Until then such a tenant's things are not swept; the keys themselves still expire.
 */
final class TenantIndex {
    private static final int MOST_ATTEMPTS = 20;
    private static final int PAGE = 64;

    private final RedisLink link;
    private final byte[] key;

    /** @param what one of a kind: the index has a slot of its own */
    TenantIndex(RedisLink link, String what) {
        this.link = link;
        this.key = link.keys().platform(what, "due");
    }

    private record Entry(long number, long score) {
        static final Entry NONE = new Entry(0, 0);
    }

    /**
     * Runs a script that writes something that will be due. Its first two arguments are an entry's number and score, an answer that is a list is the entry it wants.
     *
     * @param args from the third on
     */
    Future<Answer> cover(TenantId tenant, Script script, List<byte[]> keys, List<byte[]> args) {
        return attempt(tenant, script, keys, args, Entry.NONE, MOST_ATTEMPTS);
    }

    private Future<Answer> attempt(
            TenantId tenant, Script script, List<byte[]> keys, List<byte[]> args, Entry entry, int left) {
        var all = new ArrayList<byte[]>(args.size() + 2);
        all.add(bytes(entry.number()));
        all.add(bytes(entry.score()));
        all.addAll(args);
        return link.run(script, keys, all).map(Answer::of).compose(answer -> {
            if (!answer.isList()) {
                return Future.succeededFuture(answer);
            }
            if (left == 0) {
                return Future.failedFuture(RedisFaults.unavailable("its index of tenants is changed too often"));
            }
            var wanted = new Entry(answer.number(0), answer.number(1));
            return link.command(Command.ZADD, key, "LT", wanted.score(), member(wanted.number(), tenant))
                    .compose(_ -> attempt(tenant, script, keys, args, wanted, left - 1));
        });
    }

    private static byte[] member(long number, TenantId tenant) {
        return bytes(number + ":" + tenant);
    }

    /** Looks after one tenant. */
    @FunctionalInterface
    interface Visit {
        /** Runs a script for {@code tenant}, which is told the number and answers with a list that begins as a {@link Look}. */
        Future<Look> look(TenantId tenant, long number);
    }

    /**
     * What came of looking after a tenant.
     *
     * @param next what to do now
     * @param moveTo score to which the entry may be moved; null: it may be removed
     */
    record Look(Next next, @Nullable Long moveTo) {
        /** What to do now. */
        enum Next {
            /** Look after the same tenant again. */
            AGAIN,
            /** Go on with the next tenant. */
            ON,
            /** It is enough. */
            ENOUGH
        }

        static Look of(Answer answer, boolean enough) {
            var score = answer.text(1);
            var again = answer.number(0) == 1;
            return new Look(
                    enough ? Next.ENOUGH : again ? Next.AGAIN : Next.ON, score.isEmpty() ? null : Long.valueOf(score));
        }
    }

    /** Visits the tenants that may have something due at {@code now}, earliest first, one after the other. */
    Future<Void> visit(Instant now, Visit visit) {
        return page(Instants.floor(now), 0, visit);
    }

    /** @param stayed entries seen that stayed where they were: the next page begins behind them */
    private Future<Void> page(long now, int stayed, Visit visit) {
        return link.command(Command.ZRANGE, key, "-inf", now, "BYSCORE", "LIMIT", stayed, PAGE)
                .compose(found -> {
                    var members = new ArrayList<String>();
                    var answer = Answer.of(found);
                    for (var i = 0; i < answer.size(); i++) {
                        members.add(answer.text(i));
                    }
                    return new Page(now, members, visit)
                            .from(0)
                            .compose(stay -> stay < 0 || members.size() < PAGE
                                    ? Future.<Void>succeededFuture()
                                    : page(now, stayed + stay, visit));
                });
    }

    /** Some of those that may have something due. */
    private final class Page {
        private final long now;
        private final List<String> members;
        private final Visit visit;
        private int stayed;

        Page(long now, List<String> members, Visit visit) {
            this.now = now;
            this.members = members;
            this.visit = visit;
        }

        /** How many stayed where they were; less than 0 if it is enough. */
        Future<Integer> from(int at) {
            if (at == members.size()) {
                return Future.succeededFuture(stayed);
            }
            var member = members.get(at);
            var colon = member.indexOf(':');
            var number = Long.parseLong(member.substring(0, colon));
            var tenant = new TenantId(member.substring(colon + 1));
            return visit.look(tenant, number)
                    .compose(look -> move(member, look).compose(_ -> switch (look.next()) {
                        case AGAIN -> from(at);
                        case ENOUGH -> Future.succeededFuture(-1);
                        case ON -> {
                            if (look.moveTo() != null && look.moveTo() <= now) {
                                stayed++;
                            }
                            yield from(at + 1);
                        }
                    }));
        }
    }

    private Future<@Nullable Response> move(String member, Look look) {
        // an entry that another node removed meanwhile must not come back, one that it raised must not fall
        return look.moveTo() == null
                ? link.command(Command.ZREM, key, member)
                : link.command(Command.ZADD, key, "XX", "GT", look.moveTo(), member);
    }
}
