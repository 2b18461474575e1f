package smcp.contract;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.tenant.TenantId;

/** The keys of the vault: what there are, and replacing them while the node runs. What was begun goes on after a restart. */
public interface KeyRotation {
    Future<Status> status();

    /**
     * Makes the source's primary key-encryption key that of every record. Where all have it already a new one is made first, if the source can make one; otherwise fails with {@link smcp.bus.Fault.Kind#CONFLICT}, saying what to do.
     * Answers when it has begun.
     */
    Future<Status> rotateKek();

    /**
     * Gives a tenant, or with null everybody, a new data key, and seals everything anew in the background; older keys are dropped at the end. Where that is under way already it goes on as it is. Answers when every new key is
     * in use.
     */
    Future<Status> rotateDataKeys(@Nullable TenantId tenant);

    /**
     * The state of the vault.
     *
     * @param source where the key-encryption keys come from, for the operator's eye
     * @param strange records whose key-encryption key this node has not
     * @param owners with a data key
     * @param kek null: no rotation is under way
     * @param resealing rotations of data keys under way, of which this node knows
     */
    record Status(
            String source,
            List<Kek> keys,
            int strange,
            int owners,
            @Nullable KekProgress kek,
            List<Resealing> resealing,
            boolean sealsValues,
            boolean sealsBlobs) {
        public Status {
            keys = List.copyOf(keys);
            resealing = List.copyOf(resealing);
        }
    }

    /** A key-encryption key and how many records it opens. */
    record Kek(String id, boolean primary, int records) {}

    /** How far the rotation of the key-encryption key is. */
    record KekProgress(String to, Instant started, int left) {}

    /** Where the rotation of one owner's data key is. */
    enum Stage {
        /** Everything is being looked at. */
        RESEALING,
        /** All is sealed anew; the old key stays a while for writes that were under way elsewhere. */
        SETTLING,
        /** Something does not open, or a store is away; it is tried again. */
        FAILING
    }

    /**
     * How far it is.
     *
     * @param examined values, blobs and secrets looked at in this pass
     * @param resealed since this node took the rotation up
     * @param failing what did not open, the first few
     * @param dropAt while it settles: when the old key is dropped at the earliest
     */
    record Resealing(
            String owner,
            Instant since,
            Stage stage,
            long examined,
            long resealed,
            List<String> failing,
            @Nullable Instant dropAt) {
        public Resealing {
            failing = List.copyOf(failing);
        }
    }
}
