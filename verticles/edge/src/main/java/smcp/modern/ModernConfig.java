package smcp.modern;

import java.time.Duration;

/**
 * Settings of the modern revision, block {@code modern:} of the node's configuration.
 *
 * @param streamAfter silence after which an answer becomes a stream
 * @param stateLife how long a client may take to come back with its answers
 * @param subscriptions listen streams that may be open on one event loop for one tenant
 * @param urisPerSubscription resources that one listen stream may name
 */
public record ModernConfig(Duration streamAfter, Duration stateLife, int subscriptions, int urisPerSubscription) {
    public static final ModernConfig DEFAULT =
            new ModernConfig(Duration.ofMillis(300), Duration.ofHours(1), 10_000, 1_000);

    public ModernConfig {
        if (streamAfter.compareTo(Duration.ofMillis(10)) < 0 || streamAfter.compareTo(Duration.ofSeconds(20)) > 0) {
            throw new IllegalArgumentException("modern.streamAfter must be 10 ms to 20 s, got " + streamAfter);
        }
        if (!stateLife.isPositive()) {
            throw new IllegalArgumentException("modern.stateLife must be positive, got " + stateLife);
        }
        if (subscriptions < 1) {
            throw new IllegalArgumentException("modern.subscriptions must be at least 1, got " + subscriptions);
        }
        if (urisPerSubscription < 1) {
            throw new IllegalArgumentException(
                    "modern.urisPerSubscription must be at least 1, got " + urisPerSubscription);
        }
    }
}
