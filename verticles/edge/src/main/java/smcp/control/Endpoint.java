package smcp.control;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.function.Function;

/**
 * One row of the table of the control plane.
 *
 * @param path with {@code :name} for each parameter
 * @param action may throw what is wrong with the request
 */
record Endpoint(
        HttpMethod method, String path, Access access, Body body, Function<AdminRequest, Future<Answer>> action) {
    static final String ROOT = "/admin/v1";

    /** Who may. */
    enum Access {
        /** Anybody who reaches the port; shows nothing of anybody. */
        ANYBODY,
        /** Anybody while the port is the loopback's, otherwise the operator. */
        MACHINE,
        /** The operator, and the owner of the tenant in the path. */
        OWNER,
        OPERATOR
    }

    /** What comes with the request. */
    enum Body {
        NONE,
        JSON,
        OPTIONAL_JSON,
        /** Bytes as they are, in memory. */
        BYTES,
        /** Bytes as they are, handed on as they come. */
        STREAM,
        /** A package, streamed to a file. */
        PACKAGE
    }

    static Endpoint get(String path, Access access, Function<AdminRequest, Future<Answer>> action) {
        return new Endpoint(HttpMethod.GET, ROOT + path, access, Body.NONE, action);
    }

    static Endpoint put(String path, Access access, Function<AdminRequest, Future<Answer>> action) {
        return new Endpoint(HttpMethod.PUT, ROOT + path, access, Body.JSON, action);
    }

    static Endpoint putBytes(String path, Access access, Function<AdminRequest, Future<Answer>> action) {
        return new Endpoint(HttpMethod.PUT, ROOT + path, access, Body.BYTES, action);
    }

    static Endpoint putStream(String path, Access access, Function<AdminRequest, Future<Answer>> action) {
        return new Endpoint(HttpMethod.PUT, ROOT + path, access, Body.STREAM, action);
    }

    static Endpoint post(String path, Access access, Body body, Function<AdminRequest, Future<Answer>> action) {
        return new Endpoint(HttpMethod.POST, ROOT + path, access, body, action);
    }

    static Endpoint delete(String path, Access access, Function<AdminRequest, Future<Answer>> action) {
        return new Endpoint(HttpMethod.DELETE, ROOT + path, access, Body.NONE, action);
    }
}
