package smcp.tenant;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operator's record of a tenant.
 *
 * @param open true if anybody may call it without a key; a tenant is private unless this says otherwise
 * @param trust how far its code is vouched for
 * @param limits what the operator grants beyond, or takes from, the defaults
 * @param active what serves new calls; empty while nothing is deployed
 * @param lastVersion the highest version number ever given
 * @param created when the record was made
 */
public record Tenant(
        TenantId id,
        boolean open,
        Trust trust,
        Limits.Wish limits,
        List<Share> active,
        int lastVersion,
        Instant created) {
    @JsonCreator
    public Tenant(
            @JsonProperty("id") TenantId id,
            @JsonProperty("open") boolean open,
            @JsonProperty("trust") @Nullable Trust trust,
            @JsonProperty("limits") Limits.@Nullable Wish limits,
            @JsonProperty("active") @Nullable List<Share> active,
            @JsonProperty("lastVersion") int lastVersion,
            @JsonProperty("created") Instant created) {
        this.id = id;
        this.open = open;
        this.trust = trust == null ? Trust.UNTRUSTED : trust;
        this.limits = limits == null ? Limits.Wish.NONE : limits;
        this.active = active == null ? List.of() : List.copyOf(active);
        this.lastVersion = lastVersion;
        this.created = created;
        var sum = this.active.stream()
                .filter(share -> share.region() == null)
                .mapToInt(Share::percent)
                .sum();
        if (sum > 100) {
            throw new IllegalArgumentException("active shares of tenant " + id + " add up to " + sum + " percent");
        }
    }

    public Tenant withActive(List<Share> shares) {
        return new Tenant(id, open, trust, limits, shares, lastVersion, created);
    }

    public Tenant withVersion(int number) {
        return new Tenant(id, open, trust, limits, active, number, created);
    }

    public Tenant withSettings(boolean nowOpen, Trust nowTrust, Limits.Wish nowLimits) {
        return new Tenant(id, nowOpen, nowTrust, nowLimits, active, lastVersion, created);
    }
}
