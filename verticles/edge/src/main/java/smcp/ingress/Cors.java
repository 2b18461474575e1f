package smcp.ingress;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/** What a browser must hear so that a page of an allowed origin may call (WHATWG Fetch, CORS protocol; digest §3.4). */
final class Cors {
    private static final String REQUEST_HEADERS =
            "content-type, accept, authorization, mcp-protocol-version, mcp-session-id, last-event-id, mcp-method, mcp-name";
    private static final String EXPOSED = "mcp-session-id, www-authenticate, mcp-protocol-version";

    private Cors() {}

    static void allow(HttpServerResponse response, String origin) {
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                .putHeader(HttpHeaders.VARY, "Origin")
                .putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }

    static void preflight(HttpServerRequest request) {
        var asked = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
        request.response()
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, DELETE")
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS + mirrored(asked))
                .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, "600");
    }

    /** The {@code Mcp-Param-} names that were asked for: a wildcard would not cover Authorization, so they are listed. */
    private static String mirrored(@Nullable String asked) {
        var names = new StringBuilder();
        if (asked != null) {
            for (var name : asked.split(",", 64)) {
                var plain = name.strip();
                if (plain.regionMatches(true, 0, "mcp-param-", 0, 10) && plain.matches("[A-Za-z0-9-]{1,100}")) {
                    names.append(", ").append(plain);
                }
            }
        }
        return names.toString();
    }
}
