package smcp.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** Time that moves when a test says so. */
public final class TestClock implements InstantSource {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-08-01T00:00:00Z"));

    @Override
    public Instant instant() {
        return now.get();
    }

    public void forward(Duration by) {
        var _ = now.updateAndGet(instant -> instant.plus(by));
    }
}
