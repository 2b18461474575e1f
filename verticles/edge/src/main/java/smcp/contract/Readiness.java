package smcp.contract;

import java.util.List;

/**
 * Whether a node is to be given requests.
 *
 * @param serving false while it starts and drains: nothing is to be sent to it
 * @param troubles what it cannot do now although it serves, one sentence each: a store that is away, a log that cannot be written. Anybody may read them: no paths, no addresses, no secrets
 */
public record Readiness(boolean serving, List<String> troubles) {
    public Readiness {
        troubles = List.copyOf(troubles);
    }

    /** It can do everything. */
    public boolean whole() {
        return serving && troubles.isEmpty();
    }
}
