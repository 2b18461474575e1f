package smcp.runtime;

import java.time.Duration;

/**
 * Settings of the runtime, block {@code runtime:} of the node's configuration.
 *
 * @param tick how often queues and idle versions are looked after
 * @param logLines lines of a tenant's output that are kept
 */
public record RuntimeConfig(Duration tick, int logLines) {
    public static final RuntimeConfig DEFAULT = new RuntimeConfig(Duration.ofMillis(100), 1000);

    public RuntimeConfig {
        if (!tick.isPositive()) {
            throw new IllegalArgumentException("runtime.tick must be positive, got " + tick);
        }
        if (logLines < 1 || logLines > 100_000) {
            throw new IllegalArgumentException("runtime.logLines must be 1 to 100000, got " + logLines);
        }
    }
}
