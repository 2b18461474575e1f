package smcp.tenant;

/** Who a request acts for. Sessions, streams and sealed state are bound to its name. */
public sealed interface Principal {
    /** Unique among the principals of one tenant; safe to log. */
    String name();

    /** Nobody in particular; only at a tenant that is open to the public. All anonymous callers are one principal. */
    record Anonymous() implements Principal {
        @Override
        public String name() {
            return "anonymous";
        }
    }

    /** A client of the tenant, proved by one of its keys. */
    record OfClient(ClientId client) implements Principal {
        @Override
        public String name() {
            return "client:" + client;
        }
    }
}
