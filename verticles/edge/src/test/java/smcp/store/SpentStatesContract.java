package smcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.store.Samples.ACME;
import static smcp.store.Samples.OTHER;
import static smcp.store.Samples.T0;
import static smcp.store.Samples.get;

import io.vertx.core.Future;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** What every store of used states does. */
public abstract class SpentStatesContract extends StateContract {
    @Test
    void aStateIsSpentOnceOnlyAndByOneTenantOnly() {
        assertThat(get(state.spent().spend(ACME, "a", T0))).isTrue();
        assertThat(get(state.spent().spend(ACME, "a", T0))).isFalse();
        assertThat(get(state.spent().spend(OTHER, "a", T0))).isTrue();
        assertThat(get(state.spent().spend(ACME, "b", T0))).isTrue();
    }

    @Test
    void ofManyWhoSpendAtOnceOneDoes() {
        var all = new ArrayList<Future<Boolean>>();
        for (var i = 0; i < 50; i++) {
            all.add(state.spent().spend(ACME, "a", T0));
        }
        assertThat(all.stream().filter(Samples::get)).hasSize(1);
    }

    @Test
    void aMarkIsKeptUntilTheStateExpires() {
        get(state.spent().spend(ACME, "early", T0));
        get(state.spent().spend(ACME, "late", T0.plusSeconds(10)));
        assertThat(get(state.spent().sweep(T0.plusSeconds(5)))).isEqualTo(1);
        assertThat(get(state.spent().spend(ACME, "late", T0))).isFalse();
        assertThat(get(state.spent().spend(ACME, "early", T0))).isTrue();
    }
}
