package smcp.session;

import java.time.Duration;

/**
 * Settings of legacy sessions, block {@code sessions:} of the node's configuration.
 *
 * @param idle a session ends after this long without a request
 * @param perTenant sessions one tenant may have
 * @param lease how long a node trusts what it remembers of a session; at most 2 s (design §5)
 * @param streamAfter silence after which an answer becomes a stream
 * @param streamLife how long the frames of a finished stream can still be fetched
 * @param askLife how long a call waits for its client's answers
 * @param subscriptions resources that one session may subscribe to
 */
public record SessionConfig(
        Duration idle,
        int perTenant,
        Duration lease,
        Duration streamAfter,
        Duration streamLife,
        Duration askLife,
        int subscriptions) {
    public static final SessionConfig DEFAULT = new SessionConfig(
            Duration.ofMinutes(30),
            100_000,
            Duration.ofSeconds(2),
            Duration.ofMillis(300),
            Duration.ofMinutes(5),
            Duration.ofMinutes(10),
            1_000);

    public SessionConfig {
        positive("sessions.idle", idle);
        positive("sessions.lease", lease);
        positive("sessions.streamLife", streamLife);
        positive("sessions.askLife", askLife);
        if (lease.compareTo(Duration.ofSeconds(2)) > 0) {
            throw new IllegalArgumentException("sessions.lease must be at most 2 s, got " + lease);
        }
        if (streamAfter.compareTo(Duration.ofMillis(10)) < 0 || streamAfter.compareTo(Duration.ofSeconds(20)) > 0) {
            throw new IllegalArgumentException("sessions.streamAfter must be 10 ms to 20 s, got " + streamAfter);
        }
        if (perTenant < 1) {
            throw new IllegalArgumentException("sessions.perTenant must be at least 1, got " + perTenant);
        }
        if (subscriptions < 1) {
            throw new IllegalArgumentException("sessions.subscriptions must be at least 1, got " + subscriptions);
        }
    }

    private static void positive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + " must be positive, got " + value);
        }
    }
}
