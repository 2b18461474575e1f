package smcp.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import smcp.bus.Fault;

class HealthTest {
    private final Fault full = new Fault(Fault.Kind.STORE_UNAVAILABLE, "values.db: the disk is full");
    private final Fault damaged = new Fault(Fault.Kind.STORE_DAMAGED, "values.db: the file is damaged");

    private Promise<Object> probed = Promise.promise();
    private int probes;
    private final Health health = new Health("values.db", this::probe);

    private Future<?> probe() {
        probes++;
        return probed.future();
    }

    private @Nullable String trouble() {
        var trouble = health.trouble();
        return trouble == null ? null : trouble.message();
    }

    @Test
    void aFailureOfTheStoreIsATroubleAndARefusalIsNot() {
        health.ended(new Fault(Fault.Kind.CONFLICT, "changed"));
        health.ended(new IllegalStateException("a mistake"));
        assertThat(health.trouble()).isNull();
        health.ended(full);
        assertThat(trouble()).isEqualTo("values.db: the disk is full");
    }

    @Test
    void aProbeEndsItAndNothingElse() {
        health.tick();
        assertThat(probes).isZero();
        health.ended(full);
        health.ended(null);
        health.tick();
        health.tick();
        assertThat(probes).as("one at a time").isEqualTo(1);
        probed.fail(new Fault(Fault.Kind.STORE_UNAVAILABLE, "values.db: the disk failed"));
        assertThat(trouble()).isEqualTo("values.db: the disk failed");
        probed = Promise.promise();
        health.tick();
        probed.complete("done");
        assertThat(health.trouble()).isNull();
    }

    @Test
    void damageStaysWhateverWorks() {
        health.ended(full);
        health.ended(damaged);
        health.ended(full);
        probed.complete("done");
        health.tick();
        assertThat(probes).isZero();
        assertThat(health.probe().succeeded()).isTrue();
        assertThat(Objects.requireNonNull(health.trouble()).kind()).isEqualTo(Fault.Kind.STORE_DAMAGED);
    }
}
