package smcp.contract;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import smcp.tenant.Limits;
import smcp.tenant.Share;
import smcp.tenant.Tenant;
import smcp.tenant.TenantId;
import smcp.tenant.VersionRef;

/**
 * A tenant as a call sees it: one immutable snapshot, made when the registry changes, so that a call reads no maps of maps.
 *
 * @param offers by version number; every version that may still serve somebody
 * @param limits by version number
 */
public record TenantEntry(Tenant tenant, Map<Integer, Offer> offers, Map<Integer, Limits> limits) {
    public TenantEntry {
        offers = Map.copyOf(offers);
        limits = Map.copyOf(limits);
    }

    public TenantId id() {
        return tenant.id();
    }

    /** What {@code version} offers; null if it is gone. */
    public @Nullable Offer offer(int version) {
        return offers.get(version);
    }

    public Limits limitsOf(int version) {
        return limits.getOrDefault(version, Limits.DEFAULT);
    }

    /**
     * The version that serves a new call or session.
     *
     * @param dice 0 to 99, the caller's
     * @param region of this node
     * @return null while nothing is deployed for this region
     */
    public @Nullable VersionRef choose(int dice, String region) {
        var shares = inRegion(tenant.active(), region);
        return shares.isEmpty() ? null : new VersionRef(id(), pick(shares, dice).version());
    }

    /** Shares named for a region replace the general ones there. */
    private static List<Share> inRegion(List<Share> shares, String region) {
        if (shares.size() == 1 && shares.getFirst().region() == null) {
            return shares;
        }
        var own = shares.stream().filter(share -> region.equals(share.region())).toList();
        return own.isEmpty()
                ? shares.stream().filter(share -> share.region() == null).toList()
                : own;
    }

    private static Share pick(List<Share> shares, int dice) {
        var below = 0;
        for (var share : shares) {
            below += share.percent();
            if (dice < below) {
                return share;
            }
        }
        return shares.getFirst();
    }
}
