package smcp.contract;

import java.util.List;
import smcp.bus.Address;
import smcp.contract.Everywhere.Acknowledged;

/** Every event-bus address of the platform. The bus may lose messages and has no back-pressure, so what travels here is a wake-up or a notification, never the only copy of a fact. */
public final class Addresses {
    private Addresses() {}

    /** Heard by every node; published by the node on which a tenant reported a change, after the change is in the log. Repeatable; a lost one costs seconds, because listeners also look at the log by themselves. */
    public static final Address<TenantChanged, Void> TENANT_CHANGED =
            new Address<>("smcp.tenant.changed", TenantChanged.class, Void.class);

    /** Asked of one node, at its own address: to stop in order. Answered when it has begun. */
    public static final Address<Drain, Acknowledged> DRAIN =
            new Address<>("smcp.node.drain", Drain.class, Acknowledged.class);

    /** Asked of every node, at its own address: has it seen this commit of the registry, and done what follows from it? Also a wake-up. */
    public static final Address<RegistryChanged, Acknowledged> REGISTRY_CHANGED =
            new Address<>("smcp.registry.changed", RegistryChanged.class, Acknowledged.class);

    /** Asked of every node, at its own address: the session is over, and so is what is open for it. */
    public static final Address<SessionEnded, Acknowledged> SESSION_ENDED =
            new Address<>("smcp.session.ended", SessionEnded.class, Acknowledged.class);

    /** Asked of every node, at its own address: what it remembers of the session is old. */
    public static final Address<SessionChanged, Acknowledged> SESSION_CHANGED =
            new Address<>("smcp.session.changed", SessionChanged.class, Acknowledged.class);

    /** Heard by every node: a client does not want an answer any more. The one that executes the call ends it; lost, it runs to its end. */
    public static final Address<CallCancelled, Void> CALL_CANCELLED =
            new Address<>("smcp.session.cancelled", CallCancelled.class, Void.class);

    /** Heard by every node: a connection reads this stream now, so no other does. */
    public static final Address<StreamTaken, Void> STREAM_TAKEN =
            new Address<>("smcp.stream.taken", StreamTaken.class, Void.class);

    /** Heard by every node, again each second: connections of {@code node} read these streams, which are written elsewhere. */
    public static final Address<StreamsWatched, Void> STREAMS_WATCHED =
            new Address<>("smcp.stream.watched", StreamsWatched.class, Void.class);

    /** Heard by one node, at its own address: streams that it watches have grown. Lost, it looks by itself within seconds. */
    public static final Address<StreamsGrown, Void> STREAMS_GROWN =
            new Address<>("smcp.stream.grown", StreamsGrown.class, Void.class);

    /** Asked of every node, at its own address: has it a copy of this package on its own disk? Answered when it has; may be asked again meanwhile. */
    public static final Address<PackageStored, Acknowledged> PACKAGE_STORED =
            new Address<>("smcp.package.stored", PackageStored.class, Acknowledged.class);

    /** Heard by every node: {@code node} does not need this package any more. Lost, the copies are found by who looks for packages that no version names. */
    public static final Address<PackageForgotten, Void> PACKAGE_FORGOTTEN =
            new Address<>("smcp.package.forgotten", PackageForgotten.class, Void.class);

    /** @param node that asks, by name */
    public record Drain(String node) {}

    /** @param position of the commit */
    public record RegistryChanged(long position) {}

    /** @param tenant id */
    public record SessionEnded(String tenant, String session) {}

    /** @param stamp of the record as it is now; an older one is not to be used */
    public record SessionChanged(String tenant, String session, long stamp) {}

    /**
     * @param node that tells
     * @param request the client's id of the request, JSON text
     */
    public record CallCancelled(String node, String tenant, String session, String request) {}

    /**
     * @param node that has the connection
     * @param stream id; empty for the session's own stream of changes
     */
    public record StreamTaken(String node, String tenant, String session, String stream) {}

    /** @param node that watches */
    public record StreamsWatched(String node, List<Stream> streams) {
        public StreamsWatched {
            streams = List.copyOf(streams);
        }
    }

    /**
     * @param node id, of the one that has it
     * @param name of the package: its hash
     * @param etag of the copy, as it is stored
     */
    public record PackageStored(String node, String name, String etag) {}

    /**
     * @param node id
     * @param name of the package: its hash
     */
    public record PackageForgotten(String node, String name) {}

    public record StreamsGrown(List<Stream> streams) {
        public StreamsGrown {
            streams = List.copyOf(streams);
        }
    }

    /** A stream's key, as it travels. */
    public record Stream(String tenant, String session, String id) {}
    /** Heard by every node's router; published by each node several times a second, and at once when a version wakes or sleeps there or the node begins to drain. The newest of a node wins; a lost one is made good by the next whole one. */
    public static final Address<NodeStatus, Void> NODE_STATUS =
            new Address<>("smcp.node.status", NodeStatus.class, Void.class);

    /**
     * The change log of a tenant has grown.
     *
     * @param tenant id
     * @param newest position of the newest change
     */
    public record TenantChanged(String tenant, long newest) {}
}
