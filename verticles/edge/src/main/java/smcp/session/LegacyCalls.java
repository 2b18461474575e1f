package smcp.session;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Admission;
import smcp.contract.Asked;
import smcp.contract.Call;
import smcp.contract.EventLog.StreamKey;
import smcp.contract.Exchange;
import smcp.contract.Identity;
import smcp.contract.LegacyHost;
import smcp.contract.LegacyRequest;
import smcp.contract.Patience;
import smcp.contract.Reply;
import smcp.contract.RequestDigest;
import smcp.contract.Rounds;
import smcp.contract.Seal;
import smcp.contract.SessionRecord;
import smcp.contract.SessionStore.SessionKey;
import smcp.contract.TenantEntry;
import smcp.contract.Usage;
import smcp.protocol.Envelope;
import smcp.protocol.EnvelopeParser;
import smcp.protocol.Frames;
import smcp.protocol.Json;
import smcp.protocol.JsonText;
import smcp.protocol.Malformed;
import smcp.protocol.Method;
import smcp.protocol.ResultParts;
import smcp.protocol.Revision;
import smcp.protocol.Splice;

/**
 * The loop of a legacy call that asks its client. The loop has no owner: between rounds there is nothing but the stored {@link Exchange}, and whoever gets the last answer drives the next round.
 */
final class LegacyCalls {
    private static final Logger log = LoggerFactory.getLogger(LegacyCalls.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TRIES = 8;

    private final Vertx vertx;
    private final LegacySteps steps;
    private final SessionConfig config;
    private final Sessions sessions;
    private final StreamHub hub;
    private final Runs runs;
    private final Patience patience;
    private final InstantSource clock;
    /** Deeper than any body may be, which the params come from. */
    private final EnvelopeParser parser = new EnvelopeParser(1_002);

    LegacyCalls(Vertx vertx, LegacySteps steps, LegacyState shared, Patience patience) {
        this.vertx = vertx;
        this.steps = steps;
        this.config = shared.config();
        this.sessions = shared.sessions();
        this.hub = shared.hub();
        this.runs = shared.runs();
        this.patience = patience;
        this.clock = shared.clock();
    }

    LegacySteps steps() {
        return steps;
    }

    Runs runs() {
        return runs;
    }

    Patience patience() {
        return patience;
    }

    /** @param reply of a first round, or of one behind it: as {@link LegacyHost#serve} says */
    void serve(LegacyRequest request, @Nullable Reply reply, ContextInternal context) {
        var resumed = request.resumed();
        if (resumed == null) {
            start(request.call(), request.requestId(), request.session(), Objects.requireNonNull(reply));
            return;
        }
        var session = request.session();
        var key = new StreamKey(session.tenant(), session.id(), resumed.stream());
        next(request, resumed.chain(), writer(key, resumed.nextSeq(), context), context);
        if (reply != null) {
            reply.accepted();
        }
    }

    private void start(Call call, Json id, SessionKey session, Reply reply) {
        var run = new LegacyRun(call, id, session, this, (ContextInternal) reply.context(), reply, null, null);
        if (!runs.begin(Runs.Key.of(session, id), run)) {
            reply.fault(
                    id, new Fault(Kind.INVALID_REQUEST, "a request with this id is already under way in the session"));
            return;
        }
        run.start();
    }

    /** Only 2025-11-25 knows a connection that is closed before its answer, and events without data. */
    boolean polls(Call call) {
        return call.client().revision() == Revision.V2025_11_25;
    }

    void lost(StreamWriter writer) {
        hub.lost(writer.key());
    }

    void closeForPolling(StreamWriter writer, long retryMillis) {
        hub.closeForPolling(writer.key(), retryMillis);
    }

    StreamWriter openStream(LegacyRun run, @Nullable Reply reply) {
        var key = new StreamKey(
                run.session.tenant(), run.session.id(), sessions.newId().substring(0, 16));
        var writer = writer(key, 0, run.context());
        writer.open(run.requestId, config.askLife().multipliedBy(Rounds.MOST).plus(config.streamLife()));
        if (reply != null) {
            // nothing to read yet, and the log may not even know the stream: every frame will be handed over as it is
            // written
            hub.attach(reader(key, -1, reply));
        }
        if (polls(run.call)) {
            // the priming event: from here on the client can resume
            writer.write(Json.of(new byte[0]))
                    .onFailure(cause -> log.atDebug().setCause(cause).log("no priming event"));
        }
        return writer;
    }

    private StreamWriter writer(StreamKey key, long next, ContextInternal context) {
        return new StreamWriter(key, next, steps.events(), hub, config.streamLife(), clock, context);
    }

    /** Lets a connection read a stream, from after {@code position} on. */
    void attach(StreamKey key, long position, Reply reply) {
        var reader = reader(key, position, reply);
        hub.resume(reader);
        reader.read();
    }

    private StreamReader reader(StreamKey key, long position, Reply reply) {
        var reader = new StreamReader(
                key, position, reply.stream(), (ContextInternal) reply.context(), steps.events(), hub, clock);
        reply.onGone(reader::gone);
        return reader;
    }

    /** Puts the tenant's questions to the client, or goes on at once if there are none. */
    void ask(LegacyRun run, ResultParts asked) {
        try {
            var number = run.chain == null ? 1 : run.chain.round() + 1;
            if (number > Rounds.MOST) {
                throw new Fault(Kind.LIMIT, "the call asked its client in more than " + Rounds.MOST + " rounds");
            }
            var id = sessions.newId().substring(0, 16);
            var questions = Questions.of(id, Asked.of(asked, run.call));
            var chain = new Seal.Chain(
                    run.call.version(),
                    number,
                    clock.instant().getEpochSecond(),
                    run.chain == null ? id : run.chain.id(),
                    Asked.state(asked));
            if (questions.frames().isEmpty()) {
                var round =
                        new LegacyRequest(again(run.call, Json.EMPTY_OBJECT, chain), run.requestId, run.session, null);
                next(round, chain, run.stream(), run.context());
                return;
            }
            put(run, id, questions, chain);
        } catch (RuntimeException e) {
            // whatever a tenant's question looks like, its client gets an answer
            refuse(run, Fault.from(e));
        }
    }

    private static void refuse(LegacyRun run, Fault fault) {
        if (fault.kind() == Kind.CAPABILITY_MISSING && run.call.method() == Method.TOOLS_CALL) {
            run.complete(LegacyErrors.toolError(fault.message()));
        } else if (fault.kind() == Kind.CAPABILITY_MISSING) {
            // the legacy revisions have no code for it (digest §13)
            run.broken(new Fault(Kind.INVALID_PARAMS, fault.message()));
        } else {
            run.broken(fault);
        }
    }

    private void put(LegacyRun run, String id, Questions questions, Seal.Chain chain) {
        var stream = run.stream();
        var call = run.call;
        var until = clock.instant().plus(config.askLife());
        var asking = new Asking(run.session, run.requestId, id, until);
        // from here on a cancellation finds this
        runs.replace(Runs.Key.of(run.session, run.requestId), asking);
        hub.writtenAnywhere(stream.key());
        // the log must know the stream: a store says of it, too, that its call waits
        stream.settled()
                .compose(_ -> steps.seal().seal(chain, binding(call)))
                .compose(closed -> {
                    var exchange = new Exchange(
                            id,
                            stream.key().id(),
                            stream.next() + questions.frames().size(),
                            run.requestId.text(),
                            call.method().wire(),
                            call.name(),
                            call.params().text(),
                            call.foreignMeta().stream().map(Json::text).toList(),
                            call.progressToken() == null
                                    ? null
                                    : call.progressToken().text(),
                            chain.round(),
                            questions.keys(),
                            Map.of(),
                            closed,
                            until,
                            1);
                    // stored first: an answer must find it
                    return steps.exchanges().create(run.session, exchange);
                })
                .onComplete(done -> run.execute(() -> {
                    if (done.failed()) {
                        run.broken(Fault.from(done.cause()));
                    } else if (asking.stored()) {
                        questions
                                .frames()
                                .forEach(frame -> run.write(frame)
                                        .onFailure(cause ->
                                                log.atDebug().setCause(cause).log("a question was not written")));
                    }
                }));
    }

    private static Seal.Binding binding(Call call) {
        return new Seal.Binding(
                call.version().tenant(),
                call.principal().name(),
                RequestDigest.of(call.method().wire(), call.name(), call.arguments()));
    }

    /** A call between two rounds. */
    private final class Asking implements Runs.Run {
        private final SessionKey session;
        private final Json requestId;
        private final String exchange;
        private final Instant until;
        private boolean stored;
        private boolean cancelled;

        Asking(SessionKey session, Json requestId, String exchange, Instant until) {
            this.session = session;
            this.requestId = requestId.detached();
            this.exchange = exchange;
            this.until = until;
        }

        /** The client's answers may have come to another node. */
        @Override
        public boolean expired(Instant now) {
            return now.isAfter(until);
        }

        /** The exchange can be found now. False if the call was cancelled meanwhile: nothing is asked then. */
        synchronized boolean stored() {
            stored = true;
            if (cancelled) {
                withdraw(session, exchange, null);
            }
            return !cancelled;
        }

        @Override
        public synchronized void cancelled(String reason) {
            cancelled = true;
            // with its session the exchange is gone already, so this is not left to who takes it
            runs.end(Runs.Key.of(session, requestId), this);
            if (stored) {
                withdraw(session, exchange, null);
            }
        }
    }

    /** Ends a waiting call: with an error, or without an answer if the client cancelled it (null). */
    void withdraw(SessionKey session, String id, @Nullable Fault why) {
        steps.exchanges()
                .find(session, id)
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture(Optional.<Exchange>empty())
                        : steps.exchanges()
                                .take(session, id, found.get().stamp())
                                .map(taken -> taken ? found : Optional.<Exchange>empty()))
                .onSuccess(taken -> taken.ifPresent(exchange -> {
                    var context = (ContextInternal) vertx.getOrCreateContext();
                    runs.end(Runs.Key.of(session, Json.of(exchange.requestId())));
                    var writer = writer(
                            new StreamKey(session.tenant(), session.id(), exchange.stream()),
                            exchange.nextSeq(),
                            context);
                    var said = why == null
                            ? Future.<Void>succeededFuture()
                            : writer.write(Frames.error(
                                    Json.of(exchange.requestId()), why.kind().rpcCode(), why.message(), null));
                    said.compose(_ -> writer.end())
                            .onFailure(cause -> log.atDebug().setCause(cause).log("a stream did not end in order"));
                }))
                .onFailure(cause -> log.atWarn().setCause(cause).log("a waiting call could not be withdrawn"));
    }

    /**
     * An answer of the client's to one of our questions. Completes when it is stored; what nobody waits for any more is ignored.
     *
     * @param nearest executes the next round, if this was the last answer
     */
    Future<Void> answered(
            TenantEntry tenant,
            Identity.Known who,
            SessionRecord session,
            Envelope answer,
            LegacyHost nearest,
            ContextInternal context) {
        var id = answer.id();
        if (id == null || id.first() != '"') {
            return Future.succeededFuture();
        }
        var text = JsonText.string(id);
        var exchange = Questions.exchangeOf(text);
        if (exchange == null) {
            return Future.succeededFuture();
        }
        var key = new SessionKey(session.version().tenant(), session.id());
        return store(key, exchange, text, answer, TRIES)
                .onSuccess(complete -> complete.ifPresent(
                        whole -> context.execute(() -> resume(tenant, who, session, key, whole, nearest, context))))
                .mapEmpty();
    }

    /** Adds the answer; the exchange if this was the last one and it is ours to go on with. */
    private Future<Optional<Exchange>> store(
            SessionKey session, String id, String request, Envelope answer, int tries) {
        return steps.exchanges().find(session, id).compose(found -> {
            if (found.isEmpty() || !found.get().waiting().containsKey(request)) {
                return Future.succeededFuture(Optional.<Exchange>empty());
            }
            var next = with(found.get(), request, answer);
            if (next.waiting().isEmpty()) {
                return steps.exchanges()
                        .take(session, id, found.get().stamp())
                        .compose(taken -> taken
                                ? Future.succeededFuture(Optional.of(next))
                                : storeAgain(session, id, request, answer, tries));
            }
            return steps.exchanges()
                    .replace(session, next)
                    .compose(done -> done
                            ? Future.succeededFuture(Optional.<Exchange>empty())
                            : storeAgain(session, id, request, answer, tries));
        });
    }

    private Future<Optional<Exchange>> storeAgain(
            SessionKey session, String id, String request, Envelope answer, int tries) {
        return tries == 0
                ? Future.failedFuture(new Fault(Kind.OVERLOADED, "the call's answers are being changed too often"))
                : store(session, id, request, answer, tries - 1);
    }

    private static Exchange with(Exchange was, String request, Envelope answer) {
        var waiting = new HashMap<>(was.waiting());
        var key = Objects.requireNonNull(waiting.remove(request));
        var answers = new HashMap<>(was.answers());
        var result = answer.result();
        answers.put(key, result != null && result.first() == '{' ? result.text() : Refusal.of(answer.error()));
        return new Exchange(
                was.id(),
                was.stream(),
                was.nextSeq(),
                was.requestId(),
                was.method(),
                was.name(),
                was.params(),
                was.foreignMeta(),
                was.progressToken(),
                was.round(),
                waiting,
                answers,
                was.state(),
                was.deadline(),
                was.stamp() + 1);
    }

    /** Drives the next round. */
    private void resume(
            TenantEntry tenant,
            Identity.Known who,
            SessionRecord session,
            SessionKey key,
            Exchange exchange,
            LegacyHost nearest,
            ContextInternal context) {
        var method = Objects.requireNonNull(Method.of(exchange.method()));
        var params = Json.of(exchange.params());
        var limits = tenant.limitsOf(session.version().number());
        var call = new Call(
                session.version(),
                who.principal(),
                who.permissions(),
                Facts.of(session),
                method,
                exchange.name(),
                params,
                arguments(params),
                exchange.foreignMeta().stream().map(Json::of).toList(),
                exchange.progressToken() == null ? null : Json.of(exchange.progressToken()),
                null,
                null,
                null,
                System.nanoTime() + limits.callTimeout().toNanos(),
                new Usage());
        var stream = writer(new StreamKey(key.tenant(), key.id(), exchange.stream()), exchange.nextSeq(), context);
        var requestId = Json.of(exchange.requestId());
        var refusal = Refusal.in(exchange.answers());
        var closed = Objects.requireNonNullElse(exchange.state(), "");
        // from here on a cancellation finds this, until the round itself has begun
        var run = new LegacyRun(call, requestId, key, this, context, null, stream, null);
        runs.replace(Runs.Key.of(key, requestId), run);
        steps.seal()
                .open(closed, binding(call))
                .onComplete(opened -> context.execute(() -> {
                    if (run.over()) {
                        return;
                    }
                    var admission = steps.gate().admit(tenant, who, method, exchange.name());
                    if (opened.failed()) {
                        run.broken(Fault.from(opened.cause()));
                    } else if (admission instanceof Admission.Rejected rejected) {
                        run.broken(rejected.fault());
                    } else if (admission instanceof Admission.Throttled throttled) {
                        run.broken(throttled.fault());
                    } else if (refusal != null) {
                        refuse(run, new Fault(Kind.CAPABILITY_MISSING, refusal));
                    } else {
                        var chain = opened.result();
                        var round = new LegacyRequest(
                                again(call, object(exchange.answers()), chain),
                                requestId,
                                key,
                                new LegacyRequest.Resumed(exchange.stream(), exchange.nextSeq(), chain));
                        nearest.serve(round, new Handover(run, runs));
                    }
                }));
    }

    private static Call again(Call call, Json answers, Seal.Chain chain) {
        var limit = call.deadlineNanos() - System.nanoTime();
        return call.nextRound(answers, chain.state(), System.nanoTime() + Math.max(1, limit));
    }

    /** Begins a round behind the first. */
    private void next(LegacyRequest round, Seal.Chain chain, StreamWriter stream, ContextInternal context) {
        var run = new LegacyRun(round.call(), round.requestId(), round.session(), this, context, null, stream, chain);
        runs.replace(Runs.Key.of(round.session(), round.requestId()), run);
        run.start();
    }

    private @Nullable Json arguments(Json params) {
        try {
            // the parser knows where arguments stand in a message, so the params are made one
            return parser.parse(Frames.notification("x", params).copy()).arguments();
        } catch (Malformed e) {
            throw new IllegalStateException("stored params are not JSON", e);
        }
    }

    private static Json object(Map<String, String> members) {
        var out = new Splice(256).put('{');
        var first = true;
        for (var member : members.entrySet()) {
            if (!first) {
                out.put(',');
            }
            first = false;
            out.putString(member.getKey()).put(':').put(Json.of(member.getValue()));
        }
        return out.put('}').json();
    }

    /** How a client says no with a JSON-RPC error, which the modern answers have no form for. */
    private static final class Refusal {
        private static final String MARK = "{\"smcp/refused\":";

        static String of(@Nullable Json error) {
            var message =
                    error == null ? "" : JsonText.tree(error).path("message").asText("");
            return MARK + JSON.getNodeFactory().textNode(message) + "}";
        }

        /** What to tell if one of the answers is a refusal. */
        static @Nullable String in(Map<String, String> answers) {
            for (var answer : answers.entrySet()) {
                if (answer.getValue().startsWith(MARK)) {
                    var said = JsonText.tree(Json.of(answer.getValue()))
                            .path("smcp/refused")
                            .asText();
                    return "the client refused \"" + answer.getKey() + "\"" + (said.isEmpty() ? "" : ": " + said);
                }
            }
            return null;
        }
    }
}
