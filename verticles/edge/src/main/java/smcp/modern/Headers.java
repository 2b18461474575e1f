package smcp.modern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Inbound;
import smcp.contract.Offer.MirroredParam;
import smcp.protocol.Envelope;
import smcp.protocol.HeaderValue;
import smcp.protocol.Json;
import smcp.protocol.Method;
import smcp.tenant.Shown;

/** Compares what headers say with what the body says (MCP 2026-07-28, Transports › Streamable HTTP, mirrored headers). Each check answers the fault, or null. */
final class Headers {
    static final String VERSION = "MCP-Protocol-Version";
    static final String METHOD = "Mcp-Method";
    static final String NAME = "Mcp-Name";
    static final String PARAM = "Mcp-Param-";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Headers() {}

    static @Nullable Fault methodAndName(Inbound.Headers headers, Envelope message, @Nullable Method method) {
        var said = headers.get(METHOD);
        if (said == null || !said.strip().equals(message.method())) {
            return mismatch(METHOD, said, message.method());
        }
        var name = method == null ? null : named(method, message);
        return name == null ? null : name(headers.get(NAME), name);
    }

    private static @Nullable String named(Method method, Envelope message) {
        return switch (method.named()) {
            case NAME -> message.name();
            case URI -> message.uri();
            case NOTHING -> null;
        };
    }

    private static @Nullable Fault name(@Nullable String said, String name) {
        var decoded = said == null ? null : HeaderValue.decode(said);
        return name.equals(decoded) ? null : mismatch(NAME, said, name);
    }

    /** @param arguments of the tool call; absent counts as empty */
    static @Nullable Fault params(Inbound.Headers headers, List<MirroredParam> mirrored, @Nullable Json arguments) {
        if (mirrored.isEmpty()) {
            return null;
        }
        var tree = tree(arguments);
        for (var param : mirrored) {
            var value = at(tree, param.path());
            var header = PARAM + param.header();
            var said = headers.get(header);
            if (value.isMissingNode() || value.isNull()) {
                continue;
            }
            var decoded = said == null ? null : HeaderValue.decode(said);
            if (decoded == null || !same(value, decoded)) {
                return mismatch(header, said, value.asText());
            }
        }
        return null;
    }

    private static JsonNode at(JsonNode tree, List<String> path) {
        var node = tree;
        for (var step : path) {
            node = node.path(step);
        }
        return node;
    }

    private static boolean same(JsonNode value, String said) {
        if (value.isNumber()) {
            try {
                return value.decimalValue().compareTo(new BigDecimal(said)) == 0;
            } catch (NumberFormatException e) {
                return false;
            }
        }
        return value.isValueNode() && value.asText().equals(said);
    }

    private static JsonNode tree(@Nullable Json arguments) {
        try {
            return arguments == null ? MissingNode.getInstance() : JSON.readTree(arguments.text());
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    static Fault mismatch(String header, @Nullable String said, @Nullable String body) {
        var has = said == null ? "is missing" : "says \"" + Shown.of(said) + "\"";
        return new Fault(
                Kind.HEADER_MISMATCH,
                "the header " + header + " " + has + ", the body \"" + Shown.of(body == null ? "" : body) + "\"");
    }
}
