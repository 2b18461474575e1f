package smcp.tenant;

import org.jspecify.annotations.Nullable;

/**
 * A part of a tenant's traffic that one version gets. The active version of a tenant is a list of these, not a pointer: that is what a canary is.
 *
 * @param version number of the version
 * @param percent of new calls and sessions, 1 to 100
 * @param region only for nodes of this region; null for all
 */
public record Share(int version, int percent, @Nullable String region) {
    public Share {
        if (version < 1) {
            throw new IllegalArgumentException("share.version must be at least 1, got " + version);
        }
        if (percent < 1 || percent > 100) {
            throw new IllegalArgumentException("share.percent must be 1 to 100, got " + percent);
        }
    }

    public static Share all(int version) {
        return new Share(version, 100, null);
    }
}
