package smcp.modern;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.ClientFacts;
import smcp.contract.Inbound;
import smcp.protocol.Json;
import smcp.protocol.JsonText;
import smcp.protocol.Meta;
import smcp.protocol.Revision;
import smcp.protocol.Splice;
import smcp.tenant.Shown;

/** What a modern request says of itself in {@code _meta}, checked in the order of digest §2.2, steps 4 to 6. */
final class Claims {
    private static final Set<String> LEVELS =
            Set.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");

    private Claims() {}

    /** The caller's facts. @throws Fault for the first thing wrong */
    static ClientFacts check(Inbound inbound) {
        var meta = inbound.message().meta();
        var claim = meta == null ? null : meta.protocolVersion();
        if (meta == null || claim == null) {
            throw missing(Meta.PROTOCOL_VERSION, "a string");
        }
        if (claim.first() != '"') {
            throw missing(Meta.PROTOCOL_VERSION, "a string");
        }
        var capabilities = meta.clientCapabilities();
        if (capabilities == null || capabilities.first() != '{') {
            throw missing(Meta.CLIENT_CAPABILITIES, "an object");
        }
        var info = meta.clientInfo();
        if (info != null && info.first() != '{') {
            throw new Fault(Kind.META_MISSING, "params._meta[\"" + Meta.CLIENT_INFO + "\"] must be an object");
        }
        var revision = revision(unquote(claim), inbound.headers().get(Headers.VERSION));
        return new ClientFacts(revision, capabilities, info, meta.logLevel());
    }

    private static Revision revision(String claimed, @Nullable String header) {
        if (header != null && !header.strip().equals(claimed)) {
            throw Headers.mismatch(Headers.VERSION, header, claimed);
        }
        var revision = Revision.of(claimed);
        if (revision == null || !revision.modern()) {
            throw unsupported(claimed);
        }
        if (header == null) {
            throw Headers.mismatch(Headers.VERSION, null, claimed);
        }
        return revision;
    }

    private static Fault unsupported(String requested) {
        var supported = Revision.MODERN.stream().map(r -> "\"" + r.id() + "\"").collect(Collectors.joining(","));
        var quoted = new String(Splice.quote(requested), StandardCharsets.UTF_8);
        return Fault.withData(
                Kind.VERSION_UNSUPPORTED,
                "protocol version \"" + Shown.of(requested) + "\" is not served here",
                "{\"supported\":[" + supported + "],\"requested\":" + quoted + "}");
    }

    /** One of the params, so it is looked at when all that decides the status has been (digest §2.2, step 11). @throws Fault if it is no level */
    static void checkLevel(ClientFacts facts) {
        var level = facts.logLevel();
        if (level != null && (level.first() != '"' || !LEVELS.contains(unquote(level)))) {
            throw new Fault(
                    Kind.INVALID_PARAMS,
                    "_meta[\"" + Meta.LOG_LEVEL
                            + "\"] must be one of debug, info, notice, warning, error, critical, alert, emergency");
        }
    }

    private static Fault missing(String key, String shape) {
        return new Fault(Kind.META_MISSING, "params._meta[\"" + key + "\"] must be there and be " + shape);
    }

    /** The content of a JSON string that may have escapes. */
    static String unquote(Json string) {
        return JsonText.string(string);
    }
}
