package smcp.store;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.contract.ChangeLog;
import smcp.contract.EventLog;
import smcp.contract.Exchange;
import smcp.contract.ExchangeStore;
import smcp.contract.SessionRecord;
import smcp.contract.SessionStore;
import smcp.contract.SpentStates;
import smcp.protocol.Json;
import smcp.tenant.TenantId;

/** Sessions and logs in this process only: a {@link MemoryTenant} each, locked on its own, so that tenants do not wait for each other. Operations are short and complete at once, on the caller's thread. */
final class MemoryState implements State {
    private final StateBounds bounds;
    private final Map<TenantId, MemoryTenant> tenants = new ConcurrentHashMap<>();

    MemoryState(StateBounds bounds) {
        this.bounds = bounds;
    }

    private MemoryTenant tenant(TenantId id) {
        return tenants.computeIfAbsent(id, _ -> new MemoryTenant(bounds));
    }

    private static <T> Future<T> now(Supplier<T> operation) {
        try {
            return Future.succeededFuture(operation.get());
        } catch (Fault e) {
            return Future.failedFuture(e);
        }
    }

    @Override
    public SessionStore sessions() {
        return new Sessions();
    }

    @Override
    public EventLog events() {
        return new Events();
    }

    @Override
    public ChangeLog changes() {
        return new Changes();
    }

    @Override
    public ExchangeStore exchanges() {
        return new Exchanges();
    }

    @Override
    public SpentStates spent() {
        return new Spent();
    }

    List<Copies.KeptSession> keptSessions(TenantId tenant) {
        return tenant(tenant).keptSessions();
    }

    List<Copies.KeptMark> marks(TenantId tenant) {
        return tenant(tenant).marks();
    }

    @Override
    public Durability durability() {
        return Durability.MEMORY;
    }

    @Override
    public void expire(long nanoTime) {
        // nothing ever waits here
    }

    @Override
    public Future<Void> close() {
        tenants.clear();
        return Future.succeededFuture();
    }

    private final class Sessions implements SessionStore {
        @Override
        public Future<Void> create(SessionRecord session, Instant expires) {
            return now(() -> {
                        var _ = Checked.json(session);
                        return tenant(session.version().tenant()).create(session, expires);
                    })
                    .mapEmpty();
        }

        @Override
        public Future<Optional<SessionRecord>> find(TenantId tenant, String id, Instant now) {
            return now(() -> tenant(tenant).session(id, now));
        }

        @Override
        public Future<Boolean> replace(SessionRecord next) {
            return now(() -> {
                var _ = Checked.json(next);
                return tenant(next.version().tenant()).replace(next);
            });
        }

        @Override
        public Future<Void> touch(TenantId tenant, String id, Instant now, Instant expires) {
            return now(() -> tenant(tenant).touch(id, now, expires)).mapEmpty();
        }

        @Override
        public Future<Boolean> delete(TenantId tenant, String id) {
            return now(() -> tenant(tenant).delete(id));
        }

        @Override
        public Future<List<SessionKey>> sweep(Instant now, int most) {
            return now(() -> {
                var swept = new ArrayList<SessionKey>();
                tenants.forEach((id, tenant) -> tenant.sweepSessions(now, most - swept.size())
                        .forEach(session -> swept.add(new SessionKey(id, session))));
                return swept;
            });
        }

        @Override
        public Future<Integer> count(TenantId tenant) {
            return now(() -> tenant(tenant).sessions());
        }
    }

    private final class Events implements EventLog {
        @Override
        public Future<Void> open(StreamKey stream, String request, Instant expires) {
            return now(() -> {
                        Checked.stream(stream);
                        return tenant(stream.tenant()).open(stream, request, expires);
                    })
                    .mapEmpty();
        }

        @Override
        public Future<Void> append(StreamKey stream, long seq, List<Json> frames) {
            return now(() -> tenant(stream.tenant()).append(stream, seq, frames))
                    .mapEmpty();
        }

        @Override
        public Future<Void> end(StreamKey stream, Instant expires) {
            return now(() -> tenant(stream.tenant()).end(stream, expires)).mapEmpty();
        }

        @Override
        public Future<Optional<EventLog.Slice>> read(StreamKey stream, long after, int most, Instant now) {
            return now(() -> tenant(stream.tenant()).read(stream, after, most, now));
        }

        @Override
        public Future<List<Unended>> unended(@Nullable String node, int most) {
            return now(() -> tenants.values().stream()
                    .flatMap(tenant -> tenant.unended().stream())
                    .limit(Math.max(0, most))
                    .toList());
        }

        @Override
        public Future<Integer> sweep(Instant now) {
            return now(() -> tenants.values().stream()
                    .mapToInt(tenant -> tenant.sweepStreams(now))
                    .sum());
        }
    }

    private final class Changes implements ChangeLog {
        @Override
        public Future<Long> append(TenantId tenant, Kind kind, String uri) {
            return now(() -> {
                Checked.uri(uri);
                return tenant(tenant).append(kind, uri);
            });
        }

        @Override
        public Future<ChangeLog.Slice> read(TenantId tenant, long after, int most) {
            return now(() -> tenant(tenant).changes(after, most));
        }

        @Override
        public Future<Void> drop(TenantId tenant) {
            return now(() -> tenant(tenant).dropChanges()).mapEmpty();
        }
    }

    private final class Spent implements SpentStates {
        @Override
        public Future<Boolean> spend(TenantId tenant, String id, Instant until) {
            return now(() -> {
                Checked.id("state", id);
                return tenant(tenant).spend(id, until);
            });
        }

        @Override
        public Future<Integer> sweep(Instant now) {
            return now(() -> tenants.values().stream()
                    .mapToInt(tenant -> tenant.sweepSpent(now))
                    .sum());
        }
    }

    private final class Exchanges implements ExchangeStore {
        @Override
        public Future<Void> create(SessionStore.SessionKey session, Exchange exchange) {
            return now(() -> {
                        var _ = Checked.json(session, exchange);
                        return tenant(session.tenant()).create(session.id(), exchange);
                    })
                    .mapEmpty();
        }

        @Override
        public Future<Optional<Exchange>> find(SessionStore.SessionKey session, String id) {
            return now(() -> tenant(session.tenant()).exchange(session.id(), id));
        }

        @Override
        public Future<Boolean> replace(SessionStore.SessionKey session, Exchange next) {
            return now(() -> {
                var _ = Checked.json(session, next);
                return tenant(session.tenant()).replace(session.id(), next);
            });
        }

        @Override
        public Future<Boolean> take(SessionStore.SessionKey session, String id, long stamp) {
            return now(() -> tenant(session.tenant()).take(session.id(), id, stamp));
        }

        @Override
        public Future<List<Due>> due(Instant now, int most) {
            return now(() -> {
                var due = new ArrayList<Due>();
                tenants.forEach((tenant, state) -> state.due(now)
                        .forEach(exchange -> due.add(
                                new Due(new SessionStore.SessionKey(tenant, exchange.session()), exchange.value()))));
                due.sort(Comparator.comparing(each -> each.exchange().deadline()));
                return List.copyOf(due.subList(0, Math.min(due.size(), Math.max(0, most))));
            });
        }
    }
}
