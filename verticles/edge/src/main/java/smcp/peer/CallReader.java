package smcp.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import smcp.contract.Call;
import smcp.contract.ClientFacts;
import smcp.contract.LegacyRequest;
import smcp.contract.Seal;
import smcp.contract.SessionStore.SessionKey;
import smcp.contract.TraceContext;
import smcp.contract.Usage;
import smcp.peer.Wire.In;
import smcp.protocol.Json;
import smcp.protocol.Method;
import smcp.protocol.Revision;
import smcp.tenant.ClientId;
import smcp.tenant.Permissions;
import smcp.tenant.Principal;
import smcp.tenant.Shown;
import smcp.tenant.TenantId;
import smcp.tenant.VersionRef;

/** Reads one frame with a call. What is missing or out of its bounds makes it malformed; only the JSON itself is taken as it is, because the other node has read it with the same parser. */
final class CallReader {
    private static final int MOST_META = 1_024;
    private static final int MOST_TOOLS = 1_000;
    /** The longest that a call may take ({@link smcp.tenant.Limits}), and a little. */
    private static final long LONGEST_NANOS = 4_000_000_000_000L;

    private @Nullable String tenant;
    private int number;
    private @Nullable Principal principal;
    private final List<String> tools = new ArrayList<>(1);
    private @Nullable Revision revision;
    private @Nullable Json capabilities;
    private @Nullable Json info;
    private @Nullable Json logLevel;
    private @Nullable Method method;
    private @Nullable String name;
    private @Nullable Json params;
    private @Nullable Long argumentsAt;
    private @Nullable Json arguments;
    private @Nullable List<Json> meta;
    private @Nullable Json progressToken;
    private @Nullable Json answers;
    private @Nullable String state;
    private @Nullable TraceContext trace;
    private @Nullable Long remaining;
    private int attempts;

    private @Nullable Json requestId;
    private @Nullable String sessionTenant;
    private @Nullable String session;
    private boolean noReply;
    private @Nullable String stream;
    private long nextSeq;
    private @Nullable String chainTenant;
    private int chainNumber;
    private int chainRound;
    private long chainIssued;
    private @Nullable String chainId;
    private @Nullable String chainState;

    /** @throws Malformed if a field is */
    CallReader(Fields fields) {
        while (fields.next()) {
            if (fields.number() < In.REQUEST_ID) {
                field(fields);
            } else {
                legacyField(fields);
            }
        }
    }

    private void field(Fields in) {
        switch (in.number()) {
            case In.TENANT -> tenant = in.text();
            case In.NUMBER -> number = in.number32(1, Integer.MAX_VALUE);
            case In.ANONYMOUS -> principal = new Principal.Anonymous();
            case In.CLIENT -> principal = new Principal.OfClient(checked(in.text(), ClientId::new));
            case In.TOOL -> tool(in.text());
            case In.REVISION -> revision = known("revision", in.text(), Revision::of);
            case In.CAPABILITIES -> capabilities = in.json();
            case In.INFO -> info = in.json();
            case In.LOG_LEVEL -> logLevel = in.json();
            case In.METHOD -> method = known("method", in.text(), Method::of);
            case In.NAME -> name = in.text();
            case In.PARAMS -> params = in.json();
            case In.ARGUMENTS_AT -> argumentsAt = in.range();
            case In.ARGUMENTS -> arguments = in.json();
            case In.META -> meta(in.json());
            case In.PROGRESS_TOKEN -> progressToken = in.json();
            case In.ANSWERS -> answers = in.json();
            case In.STATE -> state = in.text();
            case In.TRACE -> trace = TraceContext.of(in.text());
            case In.REMAINING -> remaining = Math.min(in.number64(), LONGEST_NANOS);
            case In.ATTEMPTS -> attempts = in.number32(0, 100);
            default -> in.skip();
        }
    }

    private void legacyField(Fields in) {
        switch (in.number()) {
            case In.REQUEST_ID -> requestId = in.json();
            case In.SESSION_TENANT -> sessionTenant = in.text();
            case In.SESSION -> session = in.text();
            case In.NO_REPLY -> noReply = true;
            case In.STREAM -> stream = in.text();
            case In.NEXT_SEQ -> nextSeq = in.number64();
            case In.CHAIN_TENANT -> chainTenant = in.text();
            case In.CHAIN_NUMBER -> chainNumber = in.number32(1, Integer.MAX_VALUE);
            case In.CHAIN_ROUND -> chainRound = in.number32(0, 1_000);
            case In.CHAIN_ISSUED -> chainIssued = in.number64();
            case In.CHAIN_ID -> chainId = in.text();
            case In.CHAIN_STATE -> chainState = in.text();
            default -> in.skip();
        }
    }

    private void tool(String pattern) {
        if (tools.size() == MOST_TOOLS) {
            throw new Malformed("a call with more than " + MOST_TOOLS + " tools in its permissions");
        }
        tools.add(pattern);
    }

    private void meta(Json member) {
        if (meta == null) {
            meta = new ArrayList<>();
        }
        if (meta.size() == MOST_META) {
            throw new Malformed("a call with more than " + MOST_META + " members of _meta");
        }
        meta.add(member);
    }

    private interface Parser<T> {
        @Nullable
        T parse(String text);
    }

    private static <T> T known(String what, String text, Parser<T> parser) {
        var value = parser.parse(text);
        if (value == null) {
            throw new Malformed("the " + what + " \"" + Shown.of(text) + "\" is unknown here");
        }
        return value;
    }

    private static <T> T checked(String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new Malformed(String.valueOf(e.getMessage()));
        }
    }

    /** @throws Malformed if something is missing */
    Call call() {
        var input = there("params", params);
        if (remaining == null) {
            throw new Malformed("a call without a deadline");
        }
        return new Call(
                version(tenant, number),
                there("principal", principal),
                tools.size() == 1 && tools.getFirst().equals("*") ? Permissions.ALL : new Permissions(tools),
                new ClientFacts(
                        there("revision", revision),
                        capabilities == null ? Json.EMPTY_OBJECT : capabilities,
                        info,
                        logLevel),
                there("method", method),
                there("name", name),
                input,
                argumentsAt == null ? arguments : argumentsIn(input, argumentsAt),
                meta == null ? List.of() : meta,
                progressToken,
                answers,
                state,
                trace,
                System.nanoTime() + remaining,
                Usage.afterAttempts(attempts));
    }

    private static Json argumentsIn(Json input, long at) {
        var from = (int) (at >>> 32);
        var to = (int) at;
        if (from < 0 || from >= to || to > input.length()) {
            throw new Malformed("arguments at " + from + " to " + to + " of " + input.length() + " bytes of params");
        }
        return Json.slice(input.bytes(), input.from() + from, input.from() + to);
    }

    /** @throws Malformed if something is missing */
    LegacyRequest legacy() {
        return new LegacyRequest(
                call(),
                there("request id", requestId),
                new SessionKey(
                        checked(there("session's tenant", sessionTenant), TenantId::new), there("session", session)),
                stream == null
                        ? null
                        : new LegacyRequest.Resumed(
                                stream,
                                nextSeq,
                                new Seal.Chain(
                                        version(chainTenant, chainNumber),
                                        chainRound,
                                        chainIssued,
                                        there("chain's id", chainId),
                                        chainState)));
    }

    boolean noReply() {
        return noReply;
    }

    private static VersionRef version(@Nullable String tenant, int number) {
        if (number == 0) {
            throw new Malformed("a call without the number of its version");
        }
        return new VersionRef(checked(there("tenant", tenant), TenantId::new), number);
    }

    private static <T> T there(String what, @Nullable T value) {
        if (value == null) {
            throw new Malformed("a call without " + what);
        }
        return value;
    }
}
