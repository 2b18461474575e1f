package smcp.contract;

import io.vertx.core.Future;
import java.time.Instant;
import smcp.tenant.TenantId;

/** Sealed states that may be shown only once and were: what a tool that declares {@code once} is protected by (design §4). */
public interface SpentStates {
    /**
     * Marks a state as used; true for the one caller who did.
     *
     * @param id of the state; random, so different chains never meet
     * @param until when the state would expire anyway, and the mark with it
     */
    Future<Boolean> spend(TenantId tenant, String id, Instant until);

    /** Removes marks that expired before {@code now}; answers how many. */
    Future<Integer> sweep(Instant now);
}
