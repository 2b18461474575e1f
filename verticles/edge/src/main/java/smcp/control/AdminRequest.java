package smcp.control;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.tenant.ClientId;
import smcp.tenant.Shown;
import smcp.tenant.TenantId;
import smcp.tenant.VersionRef;

/** One request as an endpoint sees it: checked for its caller, its body read. */
final class AdminRequest {
    private final RoutingContext http;
    private final @Nullable Caller caller;
    private final byte[] body;
    private final @Nullable Path upload;
    private final @Nullable ReadStream<Buffer> content;

    AdminRequest(RoutingContext http, @Nullable Caller caller, byte[] body, @Nullable Path upload) {
        this(http, caller, body, upload, null);
    }

    AdminRequest(RoutingContext http, @Nullable Caller caller, ReadStream<Buffer> content) {
        this(http, caller, new byte[0], null, content);
    }

    private AdminRequest(
            RoutingContext http,
            @Nullable Caller caller,
            byte[] body,
            @Nullable Path upload,
            @Nullable ReadStream<Buffer> content) {
        this.content = content;
        this.http = http;
        this.caller = caller;
        this.body = body;
        this.upload = upload;
    }

    /** Of an endpoint that not anybody may use. */
    Caller caller() {
        return Objects.requireNonNull(caller);
    }

    /** Of an endpoint that takes a package. */
    Path upload() {
        return Objects.requireNonNull(upload);
    }

    /** Of an endpoint that takes a stream; paused. */
    ReadStream<Buffer> content() {
        return Objects.requireNonNull(content);
    }

    /** Named {@code name} of the request. */
    @Nullable
    String header(String name) {
        return http.request().getHeader(name);
    }

    boolean hasBody() {
        return body.length > 0;
    }

    <T> T body(Class<T> type) {
        return Inputs.read(body, type);
    }

    Conditions conditions() {
        return Conditions.of(
                http.request().getHeader("If-Match"), http.request().getHeader("If-None-Match"));
    }

    /** The tenant of the path. */
    TenantId tenant() {
        return tenantOf(http);
    }

    static TenantId tenantOf(RoutingContext http) {
        try {
            return new TenantId(param(http, "tenant"));
        } catch (IllegalArgumentException e) {
            throw BadInput.of("tenant", String.valueOf(e.getMessage()));
        }
    }

    ClientId client() {
        try {
            return new ClientId(param(http, "client"));
        } catch (IllegalArgumentException e) {
            throw BadInput.of("client", String.valueOf(e.getMessage()));
        }
    }

    VersionRef version() {
        return new VersionRef(tenant(), number("version", param(http, "version"), 1, Integer.MAX_VALUE));
    }

    /** The key of a value that the path names. */
    String valueKey() {
        return ValueKeys.read(Objects.requireNonNull(http.request().path()), query(ValueKeys.ENCODING));
    }

    /** The body as it came. */
    byte[] bytes() {
        return body;
    }

    String key() {
        return param(http, "key");
    }

    /** Of a node: its id or its name. */
    String node() {
        return param(http, "node");
    }

    /** Name of a secret, unchecked. */
    String name() {
        return param(http, "name");
    }

    /** A number of the query, or {@code otherwise}. */
    int number(String name, int least, int most, int otherwise) {
        var text = query(name);
        return text == null ? otherwise : number(name, text, least, most);
    }

    boolean flag(String name, boolean otherwise) {
        var text = query(name);
        return switch (text) {
            case null -> otherwise;
            case "true" -> true;
            case "false" -> false;
            default -> throw BadInput.of(name, name + " must be true or false, got \"" + Shown.of(text) + "\"");
        };
    }

    @Nullable
    String query(String name) {
        var values = http.queryParam(name);
        if (values.size() > 1) {
            throw BadInput.of(name, name + " must be given once, got " + values.size() + " times");
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    /** Refuses what the endpoint does not know: a misspelt {@code ?activate=false} would activate. */
    void onlyQueries(String... known) {
        for (var name : http.queryParams().names()) {
            if (!List.of(known).contains(name)) {
                throw BadInput.of(
                        Shown.of(name),
                        "unknown query parameter \"" + Shown.of(name) + "\"; known here: "
                                + (known.length == 0 ? "none" : String.join(", ", known)));
            }
        }
    }

    private static String param(RoutingContext http, String name) {
        var value = http.pathParam(name);
        if (value == null) {
            throw new Fault(Kind.NOT_FOUND, "the path has no " + name);
        }
        return value;
    }

    private static int number(String name, String text, int least, int most) {
        try {
            var number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // the same answer as out of range
        }
        throw BadInput.of(
                name,
                name + " must be a whole number from " + least + " to " + most + ", got \"" + Shown.of(text) + "\"");
    }
}
