package smcp.gate;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import smcp.contract.Registry;
import smcp.contract.Standing;

/**
 * Ends what is open for callers who would not be let in any more: a key was revoked, a client's record removed, a tenant closed or deleted, or time has run out for a key. A revocation is heard at once, and
 * however many come together cost one look; expiry has no event, so there is a look now and then. Confined to its context.
 */
public final class Revocation extends VerticleBase {
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final KeyGate gate;
    private final Registry registry;
    private final InstantSource clock;
    private final List<Consumer<Standing>> holders;
    private boolean looking;

    /** @param holders those that keep streams open; each ends what does not stand */
    public Revocation(KeyGate gate, Registry registry, InstantSource clock, List<Consumer<Standing>> holders) {
        this.gate = gate;
        this.registry = registry;
        this.clock = clock;
        this.holders = List.copyOf(holders);
    }

    @Override
    public Future<?> start() {
        registry.onChange(path -> {
            if (path.startsWith("key/") || path.startsWith("client/") || path.startsWith("tenant/")) {
                context.runOnContext(_ -> soon());
            }
        });
        vertx.setPeriodic(LOOK.toMillis(), _ -> look());
        return Future.succeededFuture();
    }

    /** Completes when all that was revoked before is ended on this node. */
    public Future<Void> settled() {
        var promise = Promise.<Void>promise();
        context.runOnContext(_ -> {
            if (looking) {
                look();
            }
            promise.complete();
        });
        return promise.future();
    }

    private void soon() {
        if (!looking) {
            looking = true;
            context.runOnContext(_ -> {
                if (looking) {
                    look();
                }
            });
        }
    }

    private void look() {
        looking = false;
        var standing = gate.standing(clock.instant());
        holders.forEach(holder -> holder.accept(standing));
    }
}
