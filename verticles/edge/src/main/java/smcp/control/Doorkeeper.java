package smcp.control;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.KeyRing;
import smcp.control.Endpoint.Access;

/** Knows callers by their tokens, and lets them to the endpoints they may use. */
final class Doorkeeper {
    private static final String SCHEME = "Bearer ";

    private final KeyRing keys;
    private final ControlConfig config;

    Doorkeeper(KeyRing keys, ControlConfig config) {
        this.keys = keys;
        this.config = config;
    }

    /**
     * Null if the request carries no credentials.
     *
     * @throws Fault {@link Kind#UNAUTHENTICATED} if it carries some that prove nobody
     */
    @Nullable
    Caller identify(HttpServerRequest request) {
        var header = request.getHeader("Authorization");
        if (header == null) {
            return null;
        }
        // the scheme is case-insensitive (RFC 9110 §11.1)
        var key = header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? keys.verify(header.substring(SCHEME.length()).strip())
                : null;
        if (key == null) {
            throw new Fault(
                    Kind.UNAUTHENTICATED,
                    "the Authorization header proves nobody: the token is unknown, revoked or expired");
        }
        return new Caller(key);
    }

    /** @throws Fault if {@code caller} may not use an endpoint of this access; says nothing of whether the tenant exists */
    void admit(@Nullable Caller caller, Access access, RoutingContext http) {
        if (access == Access.ANYBODY || (access == Access.MACHINE && config.loopback())) {
            return;
        }
        if (caller == null) {
            throw new Fault(
                    Kind.UNAUTHENTICATED, "send Authorization: Bearer with the operator's token, or a tenant's");
        }
        if (!caller.isOperator() && !(access == Access.OWNER && caller.owns(AdminRequest.tenantOf(http)))) {
            throw new Fault(Kind.FORBIDDEN, "this token does not open that");
        }
    }
}
