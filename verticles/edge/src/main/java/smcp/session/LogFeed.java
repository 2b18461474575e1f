package smcp.session;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.contract.Addresses;
import smcp.contract.ChangeFeed;
import smcp.contract.ChangeLog;
import smcp.tenant.TenantId;

/**
 * Reads the change logs of the tenants that somebody on this node listens to: one consumer on the bus for all of them, which only says that it is time to look. Looking now and then without being told makes a
 * lost wake-up cost seconds, not truth. Confined to its context.
 */
public final class LogFeed extends VerticleBase implements ChangeFeed {
    private static final Logger log = LoggerFactory.getLogger(LogFeed.class);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final int AT_ONCE = 500;

    private final ChangeLog changes;
    private final Map<TenantId, Tail> tails = new HashMap<>();

    public LogFeed(ChangeLog changes) {
        this.changes = changes;
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(LOOK.toMillis(), _ -> tails.values().forEach(Tail::look));
        return Addresses.TENANT_CHANGED.hear(vertx, this::woken).completion();
    }

    private void woken(Addresses.TenantChanged changed) {
        var tail = tails.get(new TenantId(changed.tenant()));
        if (tail != null) {
            tail.look();
        }
    }

    @Override
    public Future<Subscription> subscribe(TenantId tenant, long after, Context listening, Consumer<Heard> listener) {
        var promise = Promise.<Subscription>promise();
        context.runOnContext(_ -> {
            var place = new Place(tenant, (ContextInternal) listening, listener);
            tails.computeIfAbsent(tenant, Tail::new).join(place, after, promise);
        });
        return promise.future();
    }

    /** One tenant's log, as far as this node has seen it. */
    private final class Tail {
        private final TenantId tenant;
        private final Set<Place> places = new LinkedHashSet<>();
        private @Nullable String epoch;
        private long seen = -1;
        private boolean looking;
        private boolean again;
        private boolean failing;

        Tail(TenantId tenant) {
            this.tenant = tenant;
        }

        /** Finds out where the log is, then lets the listener in from its own position. */
        void join(Place place, long after, Promise<Subscription> joined) {
            changes.read(tenant, after == NOW ? Long.MAX_VALUE - 1 : after, AT_ONCE)
                    .onComplete(done -> context.runOnContext(_ -> {
                        if (done.failed()) {
                            drop(place);
                            joined.fail(done.cause());
                            return;
                        }
                        var current = tails.computeIfAbsent(tenant, _ -> this);
                        if (current != this) {
                            // the last listener left while this one was joining
                            current.join(place, after, joined);
                            return;
                        }
                        var slice = done.result();
                        if (epoch == null) {
                            epoch = slice.epoch();
                        }
                        seen = seen < 0 ? slice.newest() : seen;
                        place.position = after == NOW ? slice.newest() : Math.min(after, slice.newest());
                        place.from = place.position;
                        place.epoch = slice.epoch();
                        places.add(place);
                        joined.complete(place);
                        seen = Math.min(seen, place.position);
                        look();
                    }));
        }

        void drop(Place place) {
            places.remove(place);
            if (places.isEmpty()) {
                tails.remove(tenant, this);
            }
        }

        /** Reads what is new since the slowest listener joined, and hands to each what it has not had. */
        void look() {
            if (places.isEmpty()) {
                return;
            }
            if (looking) {
                again = true;
                return;
            }
            looking = true;
            again = false;
            var after = seen;
            changes.read(tenant, after, AT_ONCE)
                    .onComplete(done -> context.runOnContext(_ -> {
                        looking = false;
                        if (done.failed()) {
                            failed(done.cause());
                            return;
                        }
                        failing = false;
                        if (hand(done.result(), after) || again) {
                            look();
                        }
                    }));
        }

        /** It is tried again soon, and said once: the store may be away for long. */
        private void failed(Throwable cause) {
            if (!failing) {
                log.atWarn().addKeyValue("tenant", tenant).setCause(cause).log("a change log could not be read");
            }
            failing = true;
        }

        /** True if there may be more. */
        private boolean hand(ChangeLog.Slice slice, long after) {
            if (!slice.epoch().equals(epoch)) {
                epoch = slice.epoch();
                seen = slice.newest();
                places.forEach(place -> place.gap(slice));
                return false;
            }
            for (var place : places) {
                if (place.position < after) {
                    // joined from further back while this was being read; the next read begins where it stands
                    continue;
                }
                if (slice.oldest() > place.position + 1 && slice.newest() > place.position) {
                    place.gap(slice);
                } else {
                    place.changes(slice);
                }
            }
            if (seen < after) {
                return true;
            }
            seen = slice.changes().isEmpty()
                    ? Math.max(seen, slice.newest())
                    : Math.max(seen, slice.changes().getLast().pos());
            return seen > after && seen < slice.newest();
        }
    }

    /** One listener's place. */
    private final class Place implements Subscription {
        private final TenantId tenant;
        private final ContextInternal listening;
        private final Consumer<Heard> listener;
        private long position;
        private volatile long from;
        private volatile String epoch = "";
        private volatile boolean over;

        Place(TenantId tenant, ContextInternal listening, Consumer<Heard> listener) {
            this.tenant = tenant;
            this.listening = listening;
            this.listener = listener;
        }

        void changes(ChangeLog.Slice slice) {
            var fresh = slice.changes().stream()
                    .filter(change -> change.pos() > position)
                    .toList();
            if (!fresh.isEmpty()) {
                position = fresh.getLast().pos();
                tell(new Heard.Changes(fresh));
            }
        }

        void gap(ChangeLog.Slice slice) {
            position = slice.newest();
            epoch = slice.epoch();
            tell(new Heard.Gap(slice.newest()));
        }

        private void tell(Heard heard) {
            listening.execute(() -> {
                if (!over) {
                    listener.accept(heard);
                }
            });
        }

        @Override
        public String epoch() {
            return epoch;
        }

        @Override
        public long from() {
            return from;
        }

        @Override
        public void cancel() {
            over = true;
            context.runOnContext(_ -> {
                var tail = tails.get(tenant);
                if (tail != null) {
                    tail.drop(this);
                }
            });
        }
    }
}
