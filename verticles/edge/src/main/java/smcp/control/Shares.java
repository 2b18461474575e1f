package smcp.control;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.tenant.Share;

/** What a list of shares must look like to serve every call on every node. */
final class Shares {
    private static final int MOST = 16;

    private Shares() {}

    /** @throws smcp.bus.Fault naming what is wrong */
    static void check(List<Share> shares) {
        if (shares.isEmpty() || shares.size() > MOST) {
            throw BadInput.of(
                    "active",
                    "active must have 1 to " + MOST + " shares, got " + shares.size() + "; to stop serving, undeploy");
        }
        var seen = new HashSet<Share>();
        var sums = new HashMap<@Nullable String, Integer>();
        for (var share : shares) {
            if (!seen.add(new Share(share.version(), 1, share.region()))) {
                throw BadInput.of(
                        "active", "active names version " + share.version() + " twice" + inRegion(share.region()));
            }
            var _ = sums.merge(share.region(), share.percent(), Integer::sum);
        }
        // nodes of a region without shares of its own use the general ones, so these must be there
        var _ = sums.putIfAbsent(null, 0);
        sums.forEach((region, sum) -> {
            if (sum != 100) {
                throw BadInput.of(
                        "active", "active shares must add up to 100 percent" + inRegion(region) + ", got " + sum);
            }
        });
    }

    private static String inRegion(@Nullable String region) {
        return region == null ? " without a region" : " in region \"" + region + "\"";
    }
}
