package smcp.contract;

import io.vertx.core.Future;
import java.util.Optional;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Reading;

/** Blobs of other nodes, as they are stored there, over the links to them. Of the space {@link BlobKey#PACKAGES} only: what tenants keep never travels so. */
@FunctionalInterface
public interface PeerBlobs {
    /** The longest that travels: a package of the longest that may be configured, sealed. */
    long LONGEST = 3L << 30;

    /**
     * Empty if {@code member} does not have it. The content is paused, and the other node sends no faster than it is read; it fails at once if the link does, and when nothing arrives for a while although it is wanted. Fails with
     * {@link smcp.bus.Fault.Kind#NODE_UNREACHABLE}, {@link smcp.bus.Fault.Kind#NODE_LOST} or {@link smcp.bus.Fault.Kind#TIMEOUT} if the node does not send it, with {@link smcp.bus.Fault.Kind#INVALID_INPUT} for a key of another space.
     */
    Future<Optional<Reading>> fetch(Member member, BlobKey key);

    /** What a node gives to others. */
    @FunctionalInterface
    interface Source {
        /** Of a node that gives nothing. */
        Source NONE = _ -> Future.succeededFuture(Optional.empty());

        /** The blob as it is stored here, read by another node; empty if it is not here. */
        Future<Optional<Reading>> read(BlobKey key);
    }
}
