package smcp.store.redis;

import static smcp.store.redis.RedisKeys.bytes;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import smcp.contract.ChangeLog;
import smcp.store.Checked;
import smcp.tenant.TenantId;

/**
 * Change logs: a hash and a list each.
 *
 * <p>Redis may forget what it acknowledged: its process or machine dies before an fsync, a replica is promoted that did not have the newest writes, an operator puts an older copy back, or empties it. Then a log would give positions a second time that
 * clients hold cursors to. So each log is bound to the <i>history</i> of the server that has it: its replication id, which Redis draws anew whenever a process starts as a master and whenever a replica is promoted (replication.c,
 * {@code changeReplicationId}, {@code shiftReplicationId}). Every script that reads or writes a log compares it, in the same step; in another history the log begins a new epoch, without entries, and its positions leap forward by 2^20, because sessions
 * hold positions without an epoch. A log that is gone altogether begins a new epoch too.
 *
 * <p>Two masters at once (a master that was cut off and does not know it) have different histories, so cursors that one gave mean nothing to the other. More epochs than necessary are harmless: each listener is told that everything may have changed.
 * They come with restarts that lost nothing, with a slot that moves between the servers of a Cluster, with the first replica that a server gets, and an hour after it lost its last (repl-backlog-ttl).
 *
 * <p>What remains: a service that only speaks like Redis and keeps one replication id through a loss, and {@code DEBUG RELOAD} of old data into a running process. Reading never asks a replica, since it has its master's id and may be behind.
 */
final class RedisChanges implements ChangeLog {
    private static final int EPOCH = 12;

    private final RedisLink link;
    private final StateKeys keys;
    private final int most;

    RedisChanges(RedisLink link, StateKeys keys, int most) {
        this.link = link;
        this.keys = keys;
        this.most = most;
    }

    private List<byte[]> touched(TenantId tenant) {
        return List.of(keys.of(tenant, "changes"), keys.of(tenant, "changes.log"));
    }

    /** Letters and digits: it goes into cursors. */
    private static byte[] epoch() {
        return bytes(UUID.randomUUID().toString().replace("-", "").substring(0, EPOCH));
    }

    @Override
    public Future<Long> append(TenantId tenant, Kind kind, String uri) {
        return Checked.in(() -> {
            Checked.uri(uri);
            return link.run(
                            StateScripts.CHANGE_APPEND,
                            touched(tenant),
                            List.of(epoch(), bytes(most), bytes(kind.name() + " " + uri)))
                    .map(pos -> Answer.of(pos).number());
        });
    }

    @Override
    public Future<Slice> read(TenantId tenant, long after, int count) {
        return link.run(StateScripts.CHANGE_READ, touched(tenant), List.of(epoch(), bytes(after), bytes(count)))
                .map(answer -> slice(Answer.of(answer)));
    }

    private static Slice slice(Answer answer) {
        var pos = answer.number(3);
        var changes = new ArrayList<Change>();
        var entries = answer.at(4);
        for (var i = 0; i < entries.size(); i++) {
            var words = entries.text(i).split(" ", 2);
            changes.add(new Change(pos++, Kind.valueOf(words[0]), words[1]));
        }
        return new Slice(answer.text(0), answer.number(1), answer.number(2), changes);
    }

    @Override
    public Future<Void> drop(TenantId tenant) {
        var names = touched(tenant);
        return link.command(Command.UNLINK, names.getFirst(), names.getLast()).mapEmpty();
    }
}
