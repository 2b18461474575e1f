package smcp.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Identity;
import smcp.contract.SessionRecord;
import smcp.contract.SessionStore;
import smcp.contract.SessionStore.SessionKey;
import smcp.contract.TenantEntry;
import smcp.tenant.TenantId;

/** Legacy sessions: the store's truth, remembered here under a short lease. Thread-safe. */
final class Sessions {
    private static final Logger log = LoggerFactory.getLogger(Sessions.class);
    private static final int ID_BYTES = 24;
    private static final int LONGEST_ID = 128;
    private static final int TRIES = 8;

    private final SessionStore store;
    private final SessionConfig config;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Cache<SessionKey, SessionRecord> remembered;
    /** Ended here a moment ago: a look-up that was under way then must not bring them back. */
    private final Cache<SessionKey, Boolean> ended;
    /** Stamps below which a record is old: a look-up that was under way when it was replaced must not bring it back. */
    private final Cache<SessionKey, Long> replaced;

    private final Told told;

    /** Tells the other nodes that a record was replaced, and waits until they have heard. */
    interface Told {
        Future<Void> changed(SessionKey session, long stamp);
    }

    Sessions(SessionStore store, SessionConfig config, Told told, InstantSource clock) {
        this.store = store;
        this.config = config;
        this.told = told;
        this.clock = clock;
        this.remembered = Caffeine.newBuilder()
                .maximumSize(50_000)
                .expireAfterWrite(config.lease())
                .build();
        this.ended = Caffeine.newBuilder()
                .maximumSize(50_000)
                .expireAfterWrite(config.lease().plusSeconds(60))
                .build();
        this.replaced = Caffeine.newBuilder()
                .maximumSize(50_000)
                .expireAfterWrite(config.lease().plusSeconds(60))
                .build();
    }

    /** 192 random bits, Base64url: visible ASCII as the revision demands, and nothing to guess. */
    String newId() {
        var bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    Future<Void> create(SessionRecord session) {
        var tenant = session.version().tenant();
        return store.count(tenant).compose(count -> {
            if (count >= config.perTenant()) {
                return Future.failedFuture(new Fault(
                        Kind.OVERLOADED, "sessions.perTenant: this tenant already has " + count + " sessions"));
            }
            return store.create(session, clock.instant().plus(config.idle()))
                    .onSuccess(_ -> remembered.put(new SessionKey(tenant, session.id()), session));
        });
    }

    /**
     * The live session that the request names, if it is this caller's. To anybody else it does not exist: a stolen id is worth nothing, and not even that it exists is told.
     */
    Future<SessionRecord> require(TenantEntry tenant, Identity.Known who, @Nullable String id) {
        if (id == null || id.isEmpty()) {
            return Future.failedFuture(
                    new Fault(Kind.SESSION_REQUIRED, "the header MCP-Session-Id is missing: begin with initialize"));
        }
        if (id.length() > LONGEST_ID) {
            return Future.failedFuture(unknown());
        }
        var key = new SessionKey(tenant.id(), id);
        return find(key).compose(found -> check(tenant, who, found));
    }

    private Future<Optional<SessionRecord>> load(SessionKey key) {
        var now = clock.instant();
        return store.find(key.tenant(), key.id(), now)
                .map(found -> found.filter(_ -> ended.getIfPresent(key) == null))
                .onSuccess(found -> found.ifPresent(session -> {
                    remember(key, session);
                    // renewed once a lease, off the path of the request that happened to load it
                    store.touch(key.tenant(), key.id(), now, now.plus(config.idle()))
                            .onFailure(cause -> log.atWarn().setCause(cause).log("a session could not be renewed"));
                }));
    }

    private static Future<SessionRecord> check(TenantEntry tenant, Identity.Known who, Optional<SessionRecord> found) {
        return found.filter(
                        session -> session.principal().equals(who.principal().name()))
                .filter(session -> !tenant.tenant().active().isEmpty())
                // a tenant that was deleted and made again is another one
                .filter(session -> !session.created().isBefore(tenant.tenant().created()))
                .filter(session -> tenant.offer(session.version().number()) != null)
                .map(Future::succeededFuture)
                .orElseGet(() -> Future.failedFuture(unknown()));
    }

    static Fault unknown() {
        return new Fault(Kind.SESSION_UNKNOWN, "Session not found");
    }

    /** The session as it is now, if it lives; for streams that outlast requests. */
    Future<Optional<SessionRecord>> find(SessionKey key) {
        if (ended.getIfPresent(key) != null) {
            return Future.succeededFuture(Optional.empty());
        }
        var known = remembered.getIfPresent(key);
        return known != null ? Future.succeededFuture(Optional.of(known)) : load(key);
    }

    /** Changes the record; tried again if somebody else changed it in between. */
    Future<SessionRecord> change(SessionRecord session, UnaryOperator<SessionRecord> change) {
        return change(session, change, TRIES);
    }

    private Future<SessionRecord> change(SessionRecord session, UnaryOperator<SessionRecord> change, int tries) {
        var next = change.apply(session);
        var key = new SessionKey(session.version().tenant(), session.id());
        return store.replace(next).compose(done -> {
            if (done) {
                changed(key, next.stamp());
                remember(key, next);
                return told.changed(key, next.stamp()).map(next);
            }
            if (tries == 0) {
                return Future.failedFuture(new Fault(Kind.OVERLOADED, "the session is being changed too often"));
            }
            return store.find(key.tenant(), key.id(), clock.instant())
                    .compose(found -> found.map(fresh -> change(fresh, change, tries - 1))
                            .orElseGet(() -> Future.failedFuture(unknown())));
        });
    }

    Future<Boolean> end(TenantId tenant, String id) {
        var key = new SessionKey(tenant, id);
        return store.delete(tenant, id).onSuccess(_ -> forget(key));
    }

    private void remember(SessionKey key, SessionRecord session) {
        remembered.put(key, session);
        var atLeast = replaced.getIfPresent(key);
        if (atLeast != null && session.stamp() < atLeast) {
            remembered.invalidate(key);
        }
    }

    /** The record was replaced, here or on another node: none older than {@code stamp} is used from now on. */
    void changed(SessionKey key, long stamp) {
        replaced.asMap().merge(key, stamp, Math::max);
        var known = remembered.getIfPresent(key);
        if (known != null && known.stamp() < stamp) {
            remembered.invalidate(key);
        }
    }

    /** The session is over. */
    void forget(SessionKey key) {
        ended.put(key, true);
        remembered.invalidate(key);
    }
}
