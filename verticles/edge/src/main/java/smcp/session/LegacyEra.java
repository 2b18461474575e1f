package smcp.session;

import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Admission;
import smcp.contract.Call;
import smcp.contract.CallParams;
import smcp.contract.Era;
import smcp.contract.Inbound;
import smcp.contract.LegacyHost;
import smcp.contract.LegacyRequest;
import smcp.contract.Offer;
import smcp.contract.Reply;
import smcp.contract.SessionRecord;
import smcp.contract.SessionStore;
import smcp.contract.SessionStore.SessionKey;
import smcp.contract.TraceContext;
import smcp.contract.Usage;
import smcp.protocol.Envelope;
import smcp.protocol.Json;
import smcp.protocol.JsonText;
import smcp.protocol.Members;
import smcp.protocol.Method;
import smcp.protocol.Revision;
import smcp.tenant.Shown;
import smcp.tenant.TenantId;

/** Serves the legacy revisions' messages: the handshake, what a session may do, and calls. One for each event loop that accepts connections. */
public final class LegacyEra implements Era {
    private static final Logger log = LoggerFactory.getLogger(LegacyEra.class);
    static final String SESSION_HEADER = "MCP-Session-Id";
    static final String VERSION_HEADER = "MCP-Protocol-Version";
    private static final Set<String> LEVELS =
            Set.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");

    private final LegacySteps steps;
    private final LegacyState shared;
    private final SessionConfig config;
    private final Sessions sessions;
    private final LegacyCalls calls;
    private final LegacyHost nearest;
    private final String region;
    private final InstantSource clock;

    /**
     * Called on the event loop it is for.
     *
     * @param shared what all event loops of a node share
     * @param hosts executes calls here
     * @param nearest executes calls on the node that serves them best
     */
    public LegacyEra(
            LegacySteps steps,
            LegacyState shared,
            LegacyHosts hosts,
            LegacyHost nearest,
            ContextInternal context,
            String region) {
        this.steps = steps;
        this.shared = shared;
        this.config = shared.config();
        this.sessions = shared.sessions();
        this.clock = shared.clock();
        this.region = region;
        this.calls = hosts.on(context);
        this.nearest = nearest;
    }

    @Override
    public void serve(Inbound inbound, Reply reply) {
        var message = inbound.message();
        try {
            if (message.kind() == Envelope.Kind.BATCH) {
                throw new Fault(Kind.INVALID_REQUEST, "batches are not part of " + Revision.NEWEST_LEGACY.id());
            }
            refuseUnknownVersion(inbound.headers(), message.method());
            switch (message.kind()) {
                case BATCH -> throw new IllegalStateException("a batch was refused above");
                case REQUEST -> request(inbound, Objects.requireNonNull(message.id()), reply);
                case NOTIFICATION -> inSession(inbound, null, reply, session -> notified(inbound, session, reply));
                case RESPONSE -> inSession(inbound, null, reply, session -> answered(inbound, session, reply));
            }
        } catch (Fault fault) {
            reply.fault(message.id(), fault);
        }
    }

    /** @throws Fault if the version header names what no session can have; {@code initialize} negotiates, so it may carry any */
    static void refuseUnknownVersion(Inbound.Headers headers, @Nullable String method) {
        var header = headers.get(VERSION_HEADER);
        var initialize = Method.INITIALIZE.wire().equals(method);
        if (header != null && !initialize && notServed(header.strip())) {
            throw new Fault(
                    Kind.VERSION_HEADER_INVALID,
                    "the header " + VERSION_HEADER + " says \"" + Shown.of(header) + "\", which is not served here");
        }
    }

    private static boolean notServed(String header) {
        var revision = Revision.of(header);
        return revision == null || revision.modern();
    }

    private void inSession(Inbound inbound, @Nullable Json id, Reply reply, Consumer<SessionRecord> then) {
        var context = (ContextInternal) reply.context();
        sessions.require(inbound.tenant(), inbound.who(), inbound.headers().get(SESSION_HEADER))
                .onComplete(found -> context.execute(() -> {
                    try {
                        if (found.failed()) {
                            throw Fault.from(found.cause());
                        }
                        then.accept(found.result());
                    } catch (Fault fault) {
                        reply.fault(id, fault);
                    } catch (RuntimeException e) {
                        log.atError()
                                .addKeyValue("tenant", inbound.tenant().id())
                                .setCause(e)
                                .log("a request broke the edge");
                        reply.fault(id, Fault.from(e));
                    }
                }));
    }

    private void request(Inbound inbound, Json id, Reply reply) {
        if (Method.of(inbound.message().method()) == Method.INITIALIZE) {
            initialize(inbound, id, reply);
            return;
        }
        inSession(inbound, id, reply, session -> inSession(inbound, id, session, reply));
    }

    private void initialize(Inbound inbound, Json id, Reply reply) {
        if (inbound.headers().get(SESSION_HEADER) != null) {
            throw new Fault(Kind.INVALID_REQUEST, "initialize begins a session; this request names one already");
        }
        var params = Members.of(inbound.message().params());
        var asked = params.get("protocolVersion");
        if (asked == null || asked.first() != '"') {
            throw new Fault(Kind.INVALID_PARAMS, "params.protocolVersion must be a string");
        }
        var capabilities = params.get("capabilities");
        if (capabilities == null || capabilities.first() != '{') {
            throw new Fault(Kind.INVALID_PARAMS, "params.capabilities must be an object");
        }
        var wanted = Revision.of(JsonText.string(asked));
        var revision = wanted == null || wanted.modern() ? Revision.NEWEST_LEGACY : wanted;
        var version = inbound.tenant().choose(ThreadLocalRandom.current().nextInt(100), region);
        var offer = version == null ? null : inbound.tenant().offer(version.number());
        if (version == null || offer == null) {
            throw new Fault(Kind.NOT_DEPLOYED, "nothing is deployed for this tenant");
        }
        var clientInfo = params.get("clientInfo");
        var info = clientInfo != null && clientInfo.first() == '{' ? clientInfo.text() : "{}";
        var context = (ContextInternal) reply.context();
        steps.changes()
                .read(inbound.tenant().id(), Long.MAX_VALUE - 1, 1)
                .map(slice -> new SessionRecord(
                        sessions.newId(),
                        version,
                        inbound.who().principal().name(),
                        revision.id(),
                        capabilities.text(),
                        info,
                        null,
                        Map.of(),
                        slice.newest(),
                        clock.instant(),
                        1))
                .compose(session -> sessions.create(session).map(session))
                .onComplete(done -> context.execute(() -> {
                    if (done.failed()) {
                        reply.fault(id, Fault.from(done.cause()));
                    } else {
                        reply.header(SESSION_HEADER, done.result().id());
                        reply.result(id, offer.initializeResult(revision));
                    }
                }));
    }

    private void inSession(Inbound inbound, Json id, SessionRecord session, Reply reply) {
        var message = inbound.message();
        var method = Method.of(message.method());
        var facts = Facts.of(session);
        if (method == null || !method.existsIn(facts.revision())) {
            throw new Fault(
                    Kind.METHOD_NOT_FOUND,
                    "there is no method \"" + Shown.of(Objects.requireNonNullElse(message.method(), "")) + "\" in "
                            + facts.revision().id());
        }
        var offer =
                Objects.requireNonNull(inbound.tenant().offer(session.version().number()));
        var capability = method.capability();
        if (capability != null && !offer.declares(capability)) {
            throw new Fault(Kind.METHOD_NOT_FOUND, "this server has no " + capability);
        }
        var admitted = admit(inbound, method);
        switch (method) {
            case PING -> reply.result(id, Json.EMPTY_OBJECT);
            case SET_LEVEL -> change(session, with -> with.withLogLevel(level(message)), id, reply);
            case RESOURCES_SUBSCRIBE -> subscribe(inbound, offer, session, id, reply);
            case RESOURCES_UNSUBSCRIBE -> unsubscribe(message, session, id, reply);
            case TOOLS_LIST, RESOURCES_LIST, TEMPLATES_LIST, PROMPTS_LIST ->
                reply.result(id, listed(message, facts.revision(), method, offer, admitted));
            default -> call(inbound, id, method, session, admitted, reply);
        }
    }

    private Admission.Admitted admit(Inbound inbound, Method method) {
        return switch (steps.gate()
                .admit(
                        inbound.tenant(),
                        inbound.who(),
                        method,
                        inbound.message().name())) {
            case Admission.Admitted admitted -> admitted;
            case Admission.Throttled throttled -> throw throttled.fault();
            case Admission.Rejected rejected -> throw rejected.fault();
        };
    }

    private static Json listed(
            Envelope message, Revision revision, Method method, Offer offer, Admission.Admitted admitted) {
        var cursor = message.cursor();
        if (cursor != null && cursor.first() != '"') {
            throw new Fault(Kind.INVALID_PARAMS, "params.cursor must be a string");
        }
        var answer =
                offer.answer(method, revision, cursor == null ? null : JsonText.string(cursor), admitted.permissions());
        if (answer == null) {
            throw new Fault(Kind.INVALID_PARAMS, "params.cursor is none of this list's: start without one");
        }
        return answer;
    }

    private static String level(Envelope message) {
        var level = message.params() == null
                ? ""
                : JsonText.tree(message.params()).path("level").asText("");
        if (!LEVELS.contains(level)) {
            throw new Fault(
                    Kind.INVALID_PARAMS,
                    "params.level must be one of debug, info, notice, warning, error, critical, alert, emergency, got \""
                            + Shown.of(level) + "\"");
        }
        return level;
    }

    private void change(SessionRecord session, UnaryOperator<SessionRecord> change, Json id, Reply reply) {
        var context = (ContextInternal) reply.context();
        sessions.change(session, change)
                .onComplete(done -> context.execute(() -> {
                    if (done.failed()) {
                        reply.fault(id, Fault.from(done.cause()));
                    } else {
                        reply.result(id, Json.EMPTY_OBJECT);
                    }
                }));
    }

    private void subscribe(Inbound inbound, Offer offer, SessionRecord session, Json id, Reply reply) {
        if (!offer.declares("resources", "subscribe")) {
            throw new Fault(Kind.METHOD_NOT_FOUND, "this server has no resource subscriptions");
        }
        var uri = uri(inbound.message());
        var context = (ContextInternal) reply.context();
        steps.changes()
                .read(inbound.tenant().id(), Long.MAX_VALUE - 1, 1)
                .onComplete(read -> context.execute(() -> {
                    if (read.failed()) {
                        reply.fault(id, Fault.from(read.cause()));
                    } else if (!session.subscriptions().containsKey(uri)
                            && session.subscriptions().size() >= config.subscriptions()) {
                        reply.fault(
                                id,
                                new Fault(
                                        Kind.INVALID_PARAMS,
                                        "sessions.subscriptions: this session already has " + config.subscriptions()));
                    } else {
                        change(
                                session,
                                with -> subscribed(with, uri, read.result().newest()),
                                id,
                                reply);
                    }
                }));
    }

    private static SessionRecord subscribed(SessionRecord session, String uri, long position) {
        var subscriptions = new HashMap<>(session.subscriptions());
        subscriptions.putIfAbsent(uri, position);
        return session.withSubscriptions(subscriptions);
    }

    private void unsubscribe(Envelope message, SessionRecord session, Json id, Reply reply) {
        var uri = uri(message);
        change(
                session,
                with -> {
                    var subscriptions = new HashMap<>(with.subscriptions());
                    subscriptions.remove(uri);
                    return with.withSubscriptions(subscriptions);
                },
                id,
                reply);
    }

    private static String uri(Envelope message) {
        var uri = message.uri();
        if (uri == null) {
            throw new Fault(Kind.INVALID_PARAMS, "params.uri must be a string");
        }
        return uri;
    }

    private void call(
            Inbound inbound, Json id, Method method, SessionRecord session, Admission.Admitted admitted, Reply reply) {
        var message = inbound.message();
        var meta = message.meta();
        var header = inbound.headers().get("traceparent");
        var limits = inbound.tenant().limitsOf(session.version().number());
        var call = new Call(
                session.version(),
                admitted.principal(),
                admitted.permissions(),
                Facts.of(session),
                method,
                CallParams.name(method, message),
                message.plainParams(),
                CallParams.arguments(method, message),
                meta == null ? List.of() : meta.foreign(),
                CallParams.progressToken(meta == null ? null : meta.progressToken()),
                null,
                null,
                TraceContext.of(header == null && meta != null ? meta.traceparent() : header),
                System.nanoTime() + limits.callTimeout().toNanos(),
                new Usage());
        nearest.serve(
                new LegacyRequest(call, id, new SessionKey(session.version().tenant(), session.id()), null), reply);
    }

    private void notified(Inbound inbound, SessionRecord session, Reply reply) {
        var params = inbound.message().params();
        if (Method.of(inbound.message().method()) == Method.CANCELLED && params != null) {
            var requestId = Members.of(params).get("requestId");
            var key = new SessionKey(session.version().tenant(), session.id());
            if (requestId != null) {
                shared.cancel(Runs.Key.of(key, requestId));
            }
        }
        reply.accepted();
    }

    private void answered(Inbound inbound, SessionRecord session, Reply reply) {
        var context = (ContextInternal) reply.context();
        calls.answered(inbound.tenant(), inbound.who(), session, inbound.message(), nearest, context)
                .onComplete(done -> context.execute(() -> {
                    if (done.failed()) {
                        reply.fault(null, Fault.from(done.cause()));
                    } else {
                        reply.accepted();
                    }
                }));
    }

    /** Ends what is over: sessions nobody used, calls whose client never answered. Called every so often, on one event loop. Fails if the store does, which is then not logged here. */
    public Future<?> sweep(SessionStore store, int most) {
        var now = clock.instant();
        shared.runs().expire(now);
        var sessionsOver = store.sweep(now, most).onSuccess(gone -> gone.forEach(shared::expired));
        var unanswered = steps.exchanges()
                .due(now, most)
                .onSuccess(due -> due.forEach(late -> calls.withdraw(
                        late.session(),
                        late.exchange().id(),
                        new Fault(
                                Kind.TIMEOUT,
                                "sessions.askLife: the client did not answer within " + config.askLife()))));
        return Future.join(sessionsOver, unanswered, steps.events().sweep(now));
    }

    LegacyCalls calls() {
        return calls;
    }

    Sessions sessions() {
        return sessions;
    }

    static boolean primes(SessionRecord session) {
        return Revision.V2025_11_25.id().equals(session.revision());
    }

    static TenantId tenantOf(SessionRecord session) {
        return session.version().tenant();
    }
}
