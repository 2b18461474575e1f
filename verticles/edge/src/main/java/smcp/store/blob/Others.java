package smcp.store.blob;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.contract.BlobStore;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;
import smcp.contract.BlobStore.Reading;
import smcp.contract.Member;
import smcp.contract.Members;
import smcp.contract.PeerBlobs;

/** Copies packages from other nodes to this one. */
final class Others {
    /** Looks for a node that has it, before somebody hears that those who may are not there: a link that broke is there again in less. */
    private static final int ROUNDS = 4;

    private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(250);

    private final Vertx vertx;
    private final BlobStore here;
    private final Members members;
    private final PeerBlobs peers;

    Others(Vertx vertx, BlobStore here, Members members, PeerBlobs peers) {
        this.vertx = vertx;
        this.here = here;
        this.members = members;
        this.peers = peers;
    }

    /** The other nodes: those of this zone, those of this region, the rest. */
    List<Member> nearest() {
        var self = members.self();
        return members.others().stream()
                .sorted(Comparator.comparingInt(one ->
                        !one.region().equals(self.region()) ? 2 : one.zone().equals(self.zone()) ? 0 : 1))
                .toList();
    }

    /** From the one with this id; false if it has none. */
    Future<Boolean> from(String id, BlobKey key) {
        return members.others().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .map(one -> copy(one, key))
                .orElseGet(() -> Future.failedFuture(new Fault(
                        Fault.Kind.NODE_UNREACHABLE, "the node that stored a package is no member any more")));
    }

    /** From the nearest that has it; false if all say that they have none. */
    Future<Boolean> anywhere(BlobKey key) {
        return round(key, ROUNDS);
    }

    private Future<Boolean> round(BlobKey key, int left) {
        return next(key, nearest(), 0, null)
                .recover(cause -> left > 1 && away(cause)
                        ? vertx.timer(BETWEEN_ROUNDS.toMillis(), TimeUnit.MILLISECONDS)
                                .compose(_ -> round(key, left - 1))
                        : Future.failedFuture(cause));
    }

    private Future<Boolean> next(BlobKey key, List<Member> nearest, int at, @Nullable Throwable missed) {
        if (at == nearest.size()) {
            return missed == null
                    ? Future.succeededFuture(false)
                    : Future.failedFuture(new Fault(
                            Fault.Kind.STORE_UNAVAILABLE,
                            "package " + key.name() + " is on no node that answers: "
                                    + Fault.from(missed).message(),
                            missed));
        }
        return copy(nearest.get(at), key).transform(copied -> {
            if (copied.succeeded()) {
                return copied.result() ? Future.succeededFuture(true) : next(key, nearest, at + 1, missed);
            }
            // with our own disk another node's copy would fare no better
            return ofTheOther(copied.cause())
                    ? next(key, nearest, at + 1, copied.cause())
                    : Future.failedFuture(copied.cause());
        });
    }

    /** False if it has none. */
    Future<Boolean> copy(Member member, BlobKey key) {
        return peers.fetch(member, key)
                .compose(found -> found.isEmpty() ? Future.succeededFuture(false) : keep(key, found.get()));
    }

    private Future<Boolean> keep(BlobKey key, Reading reading) {
        return here.put(key, new Verified(reading), Condition.ALWAYS, PeerBlobs.LONGEST)
                .onFailure(_ -> reading.cancel().run())
                .map(true);
    }

    private static boolean away(Throwable cause) {
        return cause.getCause() instanceof Fault fault && fault.kind() == Fault.Kind.NODE_UNREACHABLE;
    }

    private static boolean ofTheOther(Throwable cause) {
        return switch (Fault.from(cause).kind()) {
            case NODE_UNREACHABLE, NODE_LOST, TIMEOUT -> true;
            default -> false;
        };
    }

    /** Is it what was read that made this fail? */
    static boolean bad(Throwable cause) {
        return switch (Fault.from(cause).kind()) {
            case SEALED, STORE_DAMAGED -> true;
            default -> false;
        };
    }

    /** A copy that cannot be read is as good as none. */
    static <T> Future<Optional<T>> damagedIsNone(Throwable cause) {
        return Fault.from(cause).kind() == Fault.Kind.STORE_DAMAGED
                ? Future.succeededFuture(Optional.empty())
                : Future.failedFuture(cause);
    }
}
