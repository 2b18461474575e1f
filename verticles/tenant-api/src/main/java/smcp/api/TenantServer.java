package smcp.api;

/**
 * The entry of a tenant, named by {@code entry} in {@code smcp.json}. It needs a public constructor without arguments. One instance
 * serves every call of a version in its engine, many at a time, so its fields are shared. A server that is also an
 * {@link AutoCloseable} is closed at undeploy.
 */
@FunctionalInterface
public interface TenantServer {
    /** Registers what the server offers; a throw refuses the deployment, with the message as the reason. */
    void configure(Mcp mcp) throws Exception;
}
