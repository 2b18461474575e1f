package smcp.contract;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import smcp.tenant.TenantId;
import smcp.tenant.VersionRef;

/**
 * Seals what a multi-round-trip chain carries through the client's hands (design §4): authenticated encryption with a rotatable key per tenant, bound to tenant, principal and the request it belongs to.
 * Any node opens it, nobody forges it.
 */
public interface Seal {
    /** The sealed chain as the client will see it: Base64url. */
    Future<String> seal(Chain chain, Binding binding);

    /** The chain, if {@code sealed} was made here for this binding and has not expired; otherwise fails with {@link smcp.bus.Fault.Kind#INVALID_PARAMS}, without saying which. */
    Future<Chain> open(String sealed, Binding binding);

    /**
     * What is sealed.
     *
     * @param version the chain ends on the version it began on
     * @param round of which this is the question, from 1
     * @param issuedEpochSecond when the chain's current round began
     * @param id random, one for each chain
     * @param state the tenant's own state, byte-exact; null if it gave none
     */
    record Chain(
            VersionRef version,
            int round,
            long issuedEpochSecond,
            String id,
            @Nullable String state) {
        @Override
        public String toString() {
            return "Chain[" + version + ", round " + round + "]";
        }
    }

    /**
     * What it is bound to.
     *
     * @param request SHA-256 over method, name and arguments of the request, hex
     */
    record Binding(TenantId tenant, String principal, String request) {}
}
