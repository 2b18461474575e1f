package smcp.store;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Bounds of the logs; the oldest go first. How many sessions a tenant and streams a session may have is for those who open them.
 *
 * @param streamFrames frames kept per stream
 * @param streamBytes bytes kept per stream; the newest frame is kept whatever its length
 * @param changes changes kept per tenant
 */
public record StateBounds(
        @JsonProperty(value = "streamFrames", required = true)
        int streamFrames,

        @JsonProperty(value = "streamBytes", required = true)
        int streamBytes,

        @JsonProperty(value = "changes", required = true) int changes) {
    public static final StateBounds DEFAULT = new StateBounds(1_024, 16 << 20, 4_096);

    public StateBounds {
        Bounds.between("store.bounds.streamFrames", streamFrames, 1, 100_000);
        Bounds.between("store.bounds.streamBytes", streamBytes, 1_024, 1 << 30);
        Bounds.between("store.bounds.changes", changes, 1, 1_000_000);
    }
}
