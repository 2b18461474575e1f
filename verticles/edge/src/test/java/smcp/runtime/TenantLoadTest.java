package smcp.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Loads.Phase;
import smcp.tenant.Limits;
import smcp.tenant.TenantId;
import smcp.tenant.VersionRef;
import smcp.testing.TestClock;

/** What a version on a node tells of itself. */
class TenantLoadTest {
    private final AtomicInteger changes = new AtomicInteger();
    private final TenantHost.Life life = new TenantHost.Life() {
        @Override
        public void wake(TenantHost host) {
            // the test says when
        }

        @Override
        public void stop(TenantVerticle verticle) {
            // there is none
        }

        @Override
        public void changed() {
            changes.incrementAndGet();
        }
    };
    private final InstantSource clock = new TestClock();
    private final TenantHost host =
            new TenantHost(new VersionRef(new TenantId("acme"), 3), Limits.DEFAULT, life, clock);

    @Test
    void aVersionThatStartsSaysSoAndThatItSleepsWhenItCouldNot() {
        assertThat(host.load(System.nanoTime()).phase()).isEqualTo(Phase.ASLEEP);
        host.startFailed(new Fault(Kind.TENANT_BROKEN, "no"));
        assertThat(changes).hasValue(1);
        assertThat(host.free()).isFalse();
        var load = host.load(System.nanoTime());
        assertThat(load.concurrency()).isEqualTo(Limits.DEFAULT.concurrency());
        assertThat(load.queue()).isEqualTo(Limits.DEFAULT.queue());
        assertThat(load.coldStartNanos()).isZero();
    }

    @Test
    void aPaceIsSmoothedAndForgotten() {
        var pace = new Smoothed();
        var second = TimeUnit.SECONDS.toNanos(1);
        assertThat(pace.value()).isZero();
        pace.add(800, second);
        pace.add(1_600, second);
        assertThat(pace.value()).isEqualTo(900);
        assertThat(pace.since(2 * second, second)).isEqualTo(900);
        assertThat(pace.since(2 * second + 1, second)).isZero();
    }
}
