package smcp.router;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HealthTest {
    private static final RouterConfig.Ejection RULES = RouterConfig.Ejection.DEFAULT;

    private static long seconds(double count) {
        return Samples.millis(count * 1_000);
    }

    private static Health failing(Health health, int times, long now) {
        var last = health;
        for (var i = 0; i < times; i++) {
            last = last.failed(now, RULES);
        }
        return last;
    }

    @Test
    void aFewFailuresInARowEjectForASecond() {
        assertThat(failing(Health.SPOTLESS, 2, 0).ejected(0)).isFalse();
        var out = failing(Health.SPOTLESS, 3, 0);
        assertThat(out.ejected(seconds(0.99))).isTrue();
        assertThat(out.ejected(seconds(1))).isFalse();
    }

    @Test
    void allCallsOfOneLostLinkAreOneEjection() {
        assertThat(failing(Health.SPOTLESS, 500, 0).times()).isEqualTo(1);
    }

    @Test
    void eachTimeItIsOutTwiceAsLongUpToABound() {
        var health = Health.SPOTLESS;
        var now = 0L;
        for (var expected : new double[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            health = failing(health, 3, now);
            assertThat(health.ejected(now + seconds(expected) - 1)).isTrue();
            assertThat(health.ejected(now + seconds(expected))).isFalse();
            now += seconds(expected);
        }
    }

    @Test
    void aSuccessEndsARow() {
        var health = failing(Health.SPOTLESS, 2, 0);
        for (var i = 0; i < 10; i++) {
            health = health.succeeded(0, RULES);
        }
        assertThat(failing(health, 2, 0).ejected(0)).isFalse();
    }

    @Test
    void halfOfAllFailingEjectsThoughNeverThreeInARow() {
        var health = Health.SPOTLESS;
        for (var i = 0; i < 4 && !health.ejected(0); i++) {
            health = health.failed(0, RULES).succeeded(0, RULES);
        }
        assertThat(health.ejected(0)).isTrue();
    }

    @Test
    void failuresAndEjectionsAreForgotten() {
        assertThat(failing(Health.SPOTLESS, 2, 0).succeeded(seconds(60), RULES)).isEqualTo(Health.SPOTLESS);
        var out = failing(Health.SPOTLESS, 3, 0);
        assertThat(out.succeeded(seconds(30), RULES).times()).isEqualTo(1);
        assertThat(out.succeeded(seconds(61), RULES)).isEqualTo(Health.SPOTLESS);
    }

    @Test
    void aNodeThatVanishesAgainAndAgainIsTrustedLessEachTime() {
        var once = Health.SPOTLESS.vanished(0, RULES);
        assertThat(once.ejected(seconds(0.5))).isTrue();
        var twice = once.vanished(seconds(3), RULES);
        assertThat(twice.ejected(seconds(4.9))).isTrue();
        assertThat(twice.ejected(seconds(5))).isFalse();
    }
}
