package smcp.store.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.tenant.Shown;

/**
 * How everything under one prefix is laid out. A number in the registry's slot says it; every commit and every reading of the registry compares it, so a node of an older program stops when a newer one has brought the layout forward.
 */
final class RedisSchema {
    private static final Logger log = LoggerFactory.getLogger(RedisSchema.class);
    private static final Script STEP = Script.resource("schema");

    /** Layouts in the order they came; {@code none} is an empty Redis. The next one brings a script of its own. */
    private static final List<Version> VERSIONS = List.of(new Version("1", STEP));

    /** What this program reads and writes. */
    static final String CURRENT = VERSIONS.getLast().name();

    private static final String NONE = "none";

    /** Field of the registry's {@code meta} that is there while a backup is put back. */
    static final String RESTORING = "restoring";

    /**
     * @param step brings the registry's keys here from the version before, and says so in {@code meta}, unless somebody else has done it; answers the version there is then
     */
    record Version(String name, Script step) {}

    private RedisSchema() {}

    /** Brings what an older program left to {@link #CURRENT}; refuses what a newer one left. */
    static Future<Void> migrate(RedisLink link) {
        return migrate(link, VERSIONS);
    }

    static Future<Void> migrate(RedisLink link, List<Version> versions) {
        var keys = new RegistryKeys(link.keys());
        return link.command(Command.HGET, keys.meta(), "schema")
                .map(found -> found == null ? NONE : found.toString())
                .compose(found -> from(link, keys, versions, found));
    }

    private static Future<Void> from(RedisLink link, RegistryKeys keys, List<Version> versions, String found) {
        var names = versions.stream().map(Version::name).toList();
        var at = names.indexOf(found);
        if (at < 0 && !found.equals(NONE)) {
            return Future.failedFuture(newer(found));
        }
        if (at == versions.size() - 1) {
            return Future.succeededFuture();
        }
        var next = versions.get(at + 1);
        log.atInfo()
                .addKeyValue("from", found)
                .addKeyValue("to", next.name())
                .log("the schema in Redis is brought forward");
        var args = List.of(RedisKeys.bytes(found), RedisKeys.bytes(next.name()));
        return link.run(next.step(), List.of(keys.meta()), args)
                .compose(now -> now.toString().equals(found)
                        ? Future.failedFuture(RedisFaults.unavailable("schema version " + found + " stays as it is"))
                        : from(link, keys, versions, now.toString()));
    }

    /** Fails while a backup is put back, or if that was interrupted. */
    static Future<Void> refuseHalfRestored(RedisLink link) {
        return link.command(Command.HEXISTS, new RegistryKeys(link.keys()).meta(), RESTORING)
                .compose(found -> Answer.of(found).yes()
                        ? Future.failedFuture(
                                new Fault(
                                        Fault.Kind.STORE_DAMAGED,
                                        "what Redis holds is half restored: a restore is under way or was interrupted. Run smcp restore again, with the same configuration"))
                        : Future.succeededFuture());
    }

    /** For a version that this program does not know, or that is gone from under it. */
    static Fault newer(String found) {
        return found.equals(NONE)
                ? RedisFaults.unavailable("the registry is gone from it: restore a backup, or start the nodes anew")
                : RedisFaults.unavailable("what it holds has schema version " + Shown.of(found)
                        + ", this program knows versions up to " + CURRENT
                        + ": run the newer program, or restore a backup made before it");
    }
}
