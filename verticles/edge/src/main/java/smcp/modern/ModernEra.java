package smcp.modern;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Account;
import smcp.contract.Admission;
import smcp.contract.Asked;
import smcp.contract.Call;
import smcp.contract.CallParams;
import smcp.contract.ChangeFeed;
import smcp.contract.ClientFacts;
import smcp.contract.Era;
import smcp.contract.Gate;
import smcp.contract.Inbound;
import smcp.contract.Offer;
import smcp.contract.Patience;
import smcp.contract.Reply;
import smcp.contract.RequestDigest;
import smcp.contract.ResponseCache;
import smcp.contract.Rounds;
import smcp.contract.Seal;
import smcp.contract.SpentStates;
import smcp.contract.Standing;
import smcp.contract.TenantCall;
import smcp.contract.TraceContext;
import smcp.contract.Usage;
import smcp.protocol.Envelope;
import smcp.protocol.Json;
import smcp.protocol.JsonText;
import smcp.protocol.Method;
import smcp.protocol.ResultParts;
import smcp.protocol.ResultParts.Hints;
import smcp.tenant.Principal;
import smcp.tenant.Shown;
import smcp.tenant.TenantId;
import smcp.tenant.VersionRef;

/** Serves 2026-07-28. The order of the checks is digest §2.2's. One for each event loop that accepts connections; confined to it but for {@link #finish}. */
public final class ModernEra implements Era {
    private static final Logger log = LoggerFactory.getLogger(ModernEra.class);

    /** How long a call may wait for its tenant before its answer becomes a stream all the same: below what proxies cut. */
    private static final Duration COLD = Duration.ofSeconds(10);

    private final Steps steps;
    private final String region;
    private final InstantSource clock;
    private final Duration stateLife;
    private final Patience patience;
    private final Patience coldPatience;
    private final Listens listens;
    private final SecureRandom random = new SecureRandom();

    /** The steps of a call behind classification (design §3). */
    public record Steps(
            Gate gate,
            ResponseCache cache,
            TenantCall route,
            Account account,
            Seal seal,
            SpentStates spent,
            ChangeFeed feed) {}

    /** @param region of this node */
    public ModernEra(Vertx vertx, Steps steps, ModernConfig config, String region, InstantSource clock) {
        this.steps = steps;
        this.region = region;
        this.clock = clock;
        this.stateLife = config.stateLife();
        this.patience = new Patience(vertx, config.streamAfter());
        this.coldPatience = new Patience(vertx, COLD);
        this.listens = new Listens(steps.feed(), config);
    }

    @Override
    public void serve(Inbound inbound, Reply reply) {
        var message = inbound.message();
        var id = message.id();
        if (message.kind() != Envelope.Kind.REQUEST || id == null) {
            // core has no client notifications over HTTP; some clients post a cancellation all the same (digest §3.3)
            reply.accepted();
            return;
        }
        try {
            request(inbound, id, reply);
        } catch (RuntimeException e) {
            failed(inbound, id, e, reply);
        }
    }

    private static void failed(Inbound inbound, Json id, RuntimeException cause, Reply reply) {
        if (!(cause instanceof Fault)) {
            log.atError()
                    .addKeyValue("tenant", inbound.tenant().id())
                    .setCause(cause)
                    .log("a request broke the edge");
        }
        reply.fault(id, Fault.from(cause));
    }

    private void request(Inbound inbound, Json id, Reply reply) {
        var message = inbound.message();
        var facts = Claims.check(inbound);
        var method = Method.of(message.method());
        refuse(Headers.methodAndName(inbound.headers(), message, method));
        if (method == null || !method.existsIn(facts.revision())) {
            throw new Fault(
                    Kind.METHOD_NOT_FOUND,
                    "there is no method \"" + Shown.of(Objects.requireNonNullElse(message.method(), "")) + "\" in "
                            + facts.revision().id());
        }
        if (message.requestState() != null && method.mayAskTheClient()) {
            resume(inbound, id, facts, method, message.requestState(), reply);
            return;
        }
        var version = inbound.tenant().choose(ThreadLocalRandom.current().nextInt(100), region);
        if (version == null) {
            throw new Fault(Kind.NOT_DEPLOYED, "nothing is deployed for this tenant");
        }
        proceed(inbound, id, facts, method, version, null, reply);
    }

    private void resume(Inbound inbound, Json id, ClientFacts facts, Method method, Json requestState, Reply reply) {
        if (requestState.first() != '"') {
            throw new Fault(Kind.INVALID_PARAMS, "params.requestState must be a string");
        }
        var context = (ContextInternal) reply.context();
        steps.seal()
                .open(JsonText.string(requestState), binding(inbound, method))
                .compose(chain -> spend(inbound, method, chain))
                .onComplete(opened -> context.execute(() -> {
                    try {
                        if (opened.failed()) {
                            throw Fault.from(opened.cause());
                        }
                        proceed(inbound, id, facts, method, opened.result().version(), opened.result(), reply);
                    } catch (RuntimeException e) {
                        failed(inbound, id, e, reply);
                    }
                }));
    }

    /** A tool that declares {@code once} gets each state once: the second to show it is refused, before anything runs. */
    private Future<Seal.Chain> spend(Inbound inbound, Method method, Seal.Chain chain) {
        var offer = inbound.tenant().offer(chain.version().number());
        var name = inbound.message().name();
        if (offer == null || method != Method.TOOLS_CALL || name == null || !offer.once(name)) {
            return Future.succeededFuture(chain);
        }
        var until =
                Instant.ofEpochSecond(chain.issuedEpochSecond()).plus(stateLife).plusSeconds(60);
        return steps.spent()
                .spend(inbound.tenant().id(), chain.id() + "." + chain.round(), until)
                .compose(first -> first
                        ? Future.succeededFuture(chain)
                        : Future.failedFuture(new Fault(
                                Kind.INVALID_PARAMS, "requestState was used already: start the request anew")));
    }

    private void proceed(
            Inbound inbound,
            Json id,
            ClientFacts facts,
            Method method,
            VersionRef version,
            Seal.@Nullable Chain chain,
            Reply reply) {
        var offer = inbound.tenant().offer(version.number());
        if (offer == null && chain != null) {
            throw new Fault(
                    Kind.INVALID_PARAMS,
                    "requestState belongs to a version that is not served any more: start the request anew");
        }
        if (offer == null) {
            throw new Fault(Kind.NOT_DEPLOYED, "version " + version.number() + " is not deployed any more");
        }
        var capability = method.capability();
        if (capability != null && !offer.declares(capability)) {
            throw new Fault(Kind.METHOD_NOT_FOUND, "this server has no " + capability);
        }
        var admitted = admit(inbound, method);
        Claims.checkLevel(facts);
        switch (method) {
            case DISCOVER, TOOLS_LIST, RESOURCES_LIST, TEMPLATES_LIST, PROMPTS_LIST ->
                reply.result(id, listed(inbound.message(), facts, method, offer, admitted));
            case LISTEN -> listens.open(inbound, id, offer, reply);
            default -> call(inbound, id, facts, method, version, chain, offer, admitted, reply);
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
            Envelope message, ClientFacts facts, Method method, Offer offer, Admission.Admitted admitted) {
        var cursor = message.cursor();
        if (cursor != null && cursor.first() != '"') {
            throw new Fault(Kind.INVALID_PARAMS, "params.cursor must be a string");
        }
        var answer = offer.answer(
                method, facts.revision(), cursor == null ? null : JsonText.string(cursor), admitted.permissions());
        if (answer == null) {
            throw new Fault(Kind.INVALID_PARAMS, "params.cursor is none of this list's: start without one");
        }
        return answer;
    }

    private void call(
            Inbound inbound,
            Json id,
            ClientFacts facts,
            Method method,
            VersionRef version,
            Seal.@Nullable Chain chain,
            Offer offer,
            Admission.Admitted admitted,
            Reply reply) {
        var message = inbound.message();
        var name = CallParams.name(method, message);
        var arguments = CallParams.arguments(method, message);
        if (method == Method.TOOLS_CALL) {
            refuse(Headers.params(inbound.headers(), offer.mirrored(name), arguments));
            if (!offer.hasTool(name)) {
                throw new Fault(Kind.INVALID_PARAMS, "unknown tool: \"" + Shown.of(name) + "\"");
            }
        }
        var answers = message.inputResponses();
        if (answers != null) {
            var _ = Rounds.objects("params.inputResponses", answers);
        }
        var limits = inbound.tenant().limitsOf(version.number());
        var meta = Objects.requireNonNull(message.meta());
        var call = new Call(
                version,
                admitted.principal(),
                admitted.permissions(),
                facts,
                method,
                name,
                message.plainParams(),
                arguments,
                meta.foreign(),
                CallParams.progressToken(meta.progressToken()),
                answers,
                chain == null ? null : chain.state(),
                trace(inbound, meta.traceparent()),
                System.nanoTime() + limits.callTimeout().toNanos(),
                new Usage());
        var cached = steps.cache().lookUp(call);
        if (cached != null) {
            reply.result(id, cached);
            return;
        }
        var tools = new ModernAnswer.Tools(
                patience,
                coldPatience,
                steps.account(),
                new Sealing((ContextInternal) reply.context(), chain),
                offer.serverInfo(),
                hints(inbound, method));
        new ModernAnswer(call, id, reply, tools, inbound.receivedNanos()).start(steps.route());
    }

    /** Resources are the only answers of tenants that may be kept; not after a question, and never for others where callers are told apart (digest §12). */
    private static Hints hints(Inbound inbound, Method method) {
        if (method != Method.RESOURCES_READ) {
            return Hints.AS_GIVEN;
        }
        if (inbound.message().requestState() != null || inbound.message().inputResponses() != null) {
            return Hints.NOT_KEPT;
        }
        return inbound.tenant().tenant().open() ? Hints.REQUIRED : Hints.PRIVATE;
    }

    private static @Nullable TraceContext trace(Inbound inbound, @Nullable String fromMeta) {
        var header = inbound.headers().get("traceparent");
        return TraceContext.of(header == null ? fromMeta : header);
    }

    private static void refuse(@Nullable Fault fault) {
        if (fault != null) {
            throw fault;
        }
    }

    private static Seal.Binding binding(Inbound inbound, Method method) {
        return binding(
                inbound.tenant().id(),
                inbound.who().principal(),
                method,
                CallParams.name(method, inbound.message()),
                inbound.message().arguments());
    }

    private static Seal.Binding binding(
            TenantId tenant, Principal principal, Method method, String name, @Nullable Json arguments) {
        return new Seal.Binding(tenant, principal.name(), RequestDigest.of(method.wire(), name, arguments));
    }

    /** Seals the question of one round, as the next one of its chain. */
    private final class Sealing implements ModernAnswer.Rounding {
        private final ContextInternal context;
        private final Seal.@Nullable Chain chain;

        Sealing(ContextInternal context, Seal.@Nullable Chain chain) {
            this.context = context;
            this.chain = chain;
        }

        @Override
        public void seal(Call call, ResultParts asked, Json result, Consumer<Json> sealed, Consumer<Fault> failed) {
            sealing(call, asked, result)
                    .onComplete(done -> context.execute(() -> {
                        if (done.succeeded()) {
                            sealed.accept(done.result());
                        } else {
                            failed.accept(Fault.from(done.cause()));
                        }
                    }));
        }

        private Future<Json> sealing(Call call, ResultParts asked, Json result) {
            try {
                return sealed(call, asked, result);
            } catch (RuntimeException e) {
                // whatever a tenant's question looks like, its client gets an answer
                return Future.failedFuture(e);
            }
        }

        private Future<Json> sealed(Call call, ResultParts asked, Json result) {
            var _ = Asked.of(asked, call);
            var round = chain == null ? 1 : chain.round() + 1;
            if (round > Rounds.MOST) {
                return Future.failedFuture(
                        new Fault(Kind.LIMIT, "the call asked its client in more than " + Rounds.MOST + " rounds"));
            }
            var old = asked.requestState();
            var next = new Seal.Chain(
                    call.version(),
                    round,
                    clock.instant().getEpochSecond(),
                    chain == null ? randomId() : chain.id(),
                    Asked.state(asked));
            var binding =
                    binding(call.version().tenant(), call.principal(), call.method(), call.name(), call.arguments());
            return steps.seal().seal(next, binding).map(state -> Rounds.withState(result, old, state));
        }
    }

    private String randomId() {
        var bytes = new byte[12];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Ends the listen streams of a tenant that is not served any more, or of all (null): the node drains. Any thread. */
    public void finish(@Nullable TenantId tenant) {
        if (tenant == null) {
            listens.finishAll();
        } else {
            listens.finish(tenant);
        }
    }

    /** Ends the listen streams of callers who would not be let in any more. Any thread. */
    public void finishUnless(Standing standing) {
        listens.finishUnless(standing);
    }

    /** Open listen streams. Any thread. */
    public int listening() {
        return listens.count();
    }
}
