package smcp.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;

/** The one place that turns a fault into an answer of the control plane: {@code {"error":{code, message, field?, requestId}}} with the status of the fault table. */
final class FaultWriter {
    private static final Logger log = LoggerFactory.getLogger(FaultWriter.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private FaultWriter() {}

    static Fault shown(Throwable cause, String requestId) {
        var fault = Fault.from(cause);
        if (fault.kind() == Kind.INTERNAL) {
            log.atError().addKeyValue("request", requestId).setCause(cause).log("request failed");
        }
        // rows with status 200 are for JSON-RPC; here they would read as success
        return fault.kind().modernStatus() < 400 ? new Fault(Kind.INTERNAL, fault.message(), fault) : fault;
    }

    static Answer answer(Fault fault, HttpServerRequest request, String requestId) {
        var error = Views.object().put("code", fault.kind().name()).put("message", fault.message());
        var field = field(fault.dataJson());
        if (field != null) {
            error.put("field", field);
        }
        error.put("requestId", requestId);
        var answer = Answer.json(fault.kind().modernStatus(), Views.object().set("error", error));
        return switch (fault.kind()) {
            case UNAUTHENTICATED -> answer.with("WWW-Authenticate", challenge(request));
            case FORBIDDEN ->
                answer.with("WWW-Authenticate", "Bearer realm=\"smcp admin\", error=\"insufficient_scope\"");
            case OVERLOADED, STORE_UNAVAILABLE -> answer.with("Retry-After", "1");
            // what is left of the body is not read, so the connection is of no more use
            case BODY_TOO_LARGE, BODY_TOO_SLOW -> answer.with("Connection", "close");
            default -> answer;
        };
    }

    /** RFC 6750 §3.1: no error code if the request carried no credentials. */
    private static String challenge(HttpServerRequest request) {
        return request.getHeader("Authorization") == null
                ? "Bearer realm=\"smcp admin\""
                : "Bearer realm=\"smcp admin\", error=\"invalid_token\"";
    }

    private static @Nullable String field(@Nullable String data) {
        if (data == null) {
            return null;
        }
        try {
            var field = JSON.readTree(data).path(BadInput.FIELD);
            return field.isTextual() ? field.textValue() : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
