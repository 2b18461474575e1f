package smcp.ingress;

import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Era;
import smcp.contract.Gate;
import smcp.contract.Identity;
import smcp.contract.Inbound;
import smcp.contract.SessionRequests;
import smcp.contract.TenantDirectory;
import smcp.contract.TenantEntry;
import smcp.protocol.Classify;
import smcp.protocol.Envelope;
import smcp.protocol.EnvelopeParser;
import smcp.protocol.Malformed;
import smcp.tenant.Shown;

/**
 * The MCP endpoint of every tenant. A call's way through the edge is {@link #post} and {@link #message}: accept, resolve the tenant, identify, read, classify; what follows (admit, answer or route,
 * stream back, account) is the era's. Confined to one event loop.
 */
final class McpEndpoint {
    private static final Logger log = LoggerFactory.getLogger(McpEndpoint.class);
    private static final String VERSION = "MCP-Protocol-Version";

    /** The steps this endpoint walks a request through. */
    record Steps(TenantDirectory tenants, Gate gate, Era legacy, Era modern, SessionRequests sessions) {}

    private final Steps steps;
    private final Doorkeeper door;
    private final BodyReader bodies;
    private final EnvelopeParser parser;
    private final StreamKeeper streams;
    private final Context context;

    McpEndpoint(Steps steps, IngressConfig config, BodyReader bodies, StreamKeeper streams, Context context) {
        this.steps = steps;
        this.door = new Doorkeeper(config);
        this.bodies = bodies;
        this.parser = new EnvelopeParser(config.maxDepth());
        this.streams = streams;
        this.context = context;
    }

    /** @param tenantName the path segment behind {@code /t/} */
    void handle(HttpServerRequest request, String tenantName) {
        var received = System.nanoTime();
        var reply = new HttpReply(request, context, streams);
        try {
            var origin = accept(request);
            if (origin != null) {
                Cors.allow(request.response(), origin);
            }
            var method = request.method().name();
            if (method.equals("OPTIONS")) {
                Cors.preflight(request);
                reply.empty(204);
                return;
            }
            var tenant = resolve(tenantName);
            var who = identify(tenant, header(request, "Authorization"));
            switch (method) {
                case "POST" -> post(request, tenant, who, reply, received);
                case "GET" -> open(request, tenant, who, reply);
                case "DELETE" -> steps.sessions().end(tenant, who, name -> header(request, name), reply);
                default -> throw new Fault(Kind.HTTP_METHOD, "this endpoint has POST, GET and DELETE");
            }
        } catch (Fault fault) {
            refuse(request, reply, fault);
        }
    }

    /** Answers the Origin, if there is one. */
    private @Nullable String accept(HttpServerRequest request) {
        var authority = request.authority() == null ? null : request.authority().toString();
        refuseIf(door.checkHost(authority));
        var origin = header(request, "Origin");
        refuseIf(door.checkOrigin(origin, authority));
        return origin;
    }

    private TenantEntry resolve(String name) {
        var tenant = steps.tenants().byName(name);
        if (tenant == null) {
            throw new Fault(Kind.TENANT_UNKNOWN, "there is no tenant \"" + Shown.of(name) + "\" here");
        }
        return tenant;
    }

    private Identity.Known identify(TenantEntry tenant, @Nullable String authorization) {
        return switch (steps.gate().identify(tenant, authorization)) {
            case Identity.Known known -> known;
            case Identity.Refused refused -> throw refused.fault();
        };
    }

    private void post(
            HttpServerRequest request, TenantEntry tenant, Identity.Known who, HttpReply reply, long received) {
        if (!Accepts.isJson(request.getHeader(HttpHeaders.CONTENT_TYPE))) {
            throw new Fault(Kind.MEDIA_TYPE, "Content-Type must be application/json");
        }
        if (!Accepts.allowsBoth(request.getHeader(HttpHeaders.ACCEPT))) {
            throw new Fault(Kind.NOT_ACCEPTABLE, "Accept must list application/json and text/event-stream");
        }
        bodies.read(
                request,
                body -> message(request, tenant, who, body, reply, received),
                fault -> refuse(request, reply, fault));
    }

    private void message(
            HttpServerRequest request,
            TenantEntry tenant,
            Identity.Known who,
            byte[] body,
            HttpReply reply,
            long received) {
        Envelope message;
        try {
            message = parser.parse(body);
        } catch (Malformed e) {
            reply.fault(e.id(), new Fault(kindOf(e), e.message()));
            return;
        }
        try {
            Inbound.Headers headers = name -> header(request, name);
            var inbound = new Inbound(tenant, who, message, headers, received);
            switch (Classify.of(message, headers.get(VERSION))) {
                case MODERN -> {
                    reply.modern(true);
                    steps.modern().serve(inbound, reply);
                }
                case LEGACY -> steps.legacy().serve(inbound, reply);
                case META_MISSING -> {
                    reply.modern(true);
                    throw new Fault(
                            Kind.META_MISSING,
                            "params._meta[\"io.modelcontextprotocol/protocolVersion\"] must be there: the header "
                                    + VERSION + " names a revision that needs it");
                }
                case HEADER_MISMATCH ->
                    throw new Fault(
                            Kind.HEADER_MISMATCH, "initialize is not part of the revision that " + VERSION + " names");
            }
        } catch (Fault fault) {
            reply.fault(message.id(), fault);
        } catch (RuntimeException e) {
            log.atError().addKeyValue("tenant", tenant.id()).setCause(e).log("a request broke the edge");
            reply.fault(message.id(), Fault.from(e));
        }
    }

    /** All values of a header as the one they mean together (RFC 9110 §5.3), so that nobody before us acts on the first of two and we on the second. */
    private static @Nullable String header(HttpServerRequest request, String name) {
        var all = request.headers().getAll(name);
        return switch (all.size()) {
            case 0 -> null;
            case 1 -> all.getFirst();
            default -> String.join(", ", all);
        };
    }

    private static Kind kindOf(Malformed malformed) {
        return switch (malformed.kind()) {
            case NOT_JSON -> Kind.PARSE;
            case NOT_A_MESSAGE -> Kind.INVALID_REQUEST;
            // which era it belongs to cannot be told any more; in both it is a message that was not accepted
            case BAD_PARAMS -> Kind.META_MISSING;
        };
    }

    private void open(HttpServerRequest request, TenantEntry tenant, Identity.Known who, HttpReply reply) {
        if (!Accepts.allows(request.getHeader(HttpHeaders.ACCEPT), "text/event-stream")) {
            throw new Fault(Kind.NOT_ACCEPTABLE, "Accept must list text/event-stream");
        }
        steps.sessions().open(tenant, who, name -> header(request, name), reply);
    }

    /** Answers, and reads no more of a body that nobody will look at. */
    private static void refuse(HttpServerRequest request, HttpReply reply, Fault fault) {
        // RFC 9113 §8.2.2: a connection is no matter of one request there
        if (!request.isEnded() && request.version() != HttpVersion.HTTP_2) {
            reply.header("Connection", "close");
        }
        reply.fault(null, fault);
    }

    private static void refuseIf(@Nullable Fault fault) {
        if (fault != null) {
            throw fault;
        }
    }
}
