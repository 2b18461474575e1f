package smcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.store.Samples.ACME;
import static smcp.store.Samples.OTHER;
import static smcp.store.Samples.T0;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.exchange;
import static smcp.store.Samples.get;
import static smcp.store.Samples.withStamp;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import smcp.bus.Fault;
import smcp.contract.Exchange;
import smcp.contract.ExchangeStore.Due;
import smcp.contract.SessionStore.SessionKey;

/** What every store of exchanges does. */
public abstract class ExchangeStoreContract extends StateContract {
    private static final SessionKey SESSION = new SessionKey(ACME, "s");

    private void create(Exchange exchange) {
        get(state.exchanges().create(SESSION, exchange));
    }

    @Test
    void anExchangeIsFoundAsItWasCreated() {
        create(exchange("e", T0));
        assertThat(get(state.exchanges().find(SESSION, "e"))).contains(exchange("e", T0));
        assertThat(get(state.exchanges().find(SESSION, "f"))).isEmpty();
        assertThat(get(state.exchanges().find(new SessionKey(OTHER, "s"), "e"))).isEmpty();
        assertThat(get(state.exchanges().find(new SessionKey(ACME, "t"), "e"))).isEmpty();
    }

    @Test
    void anExchangeIsCreatedOnceOnly() {
        create(exchange("e", T0));
        assertFault(state.exchanges().create(SESSION, exchange("e", T0)), Fault.Kind.CONFLICT);
    }

    @Test
    void replacingNeedsTheStampItWasMadeFrom() {
        create(exchange("e", T0));
        var second = withStamp(exchange("e", T0), 2, T0.plusSeconds(9));
        assertThat(get(state.exchanges().replace(SESSION, second))).isTrue();
        assertThat(get(state.exchanges().replace(SESSION, second))).isFalse();
        assertThat(get(state.exchanges().replace(SESSION, withStamp(exchange("gone", T0), 2, T0))))
                .isFalse();
        assertThat(get(state.exchanges().find(SESSION, "e"))).contains(second);
        assertThat(get(state.exchanges().due(T0.plusSeconds(5), 9))).isEmpty();
    }

    @Test
    void onlyOneCallerTakesAnExchange() {
        create(exchange("e", T0));
        assertThat(get(state.exchanges().take(SESSION, "e", 2))).isFalse();
        var all = new ArrayList<Future<Boolean>>();
        for (var i = 0; i < 50; i++) {
            all.add(state.exchanges().take(SESSION, "e", 1));
        }
        assertThat(all.stream().filter(each -> get(each)).count()).isEqualTo(1);
        assertThat(get(state.exchanges().find(SESSION, "e"))).isEmpty();
    }

    @Test
    void whatIsDueComesEarliestFirst() {
        create(exchange("c", T0.plusSeconds(3)));
        create(exchange("a", T0.plusSeconds(1)));
        get(state.exchanges().create(new SessionKey(OTHER, "s"), exchange("b", T0.plusSeconds(2))));
        assertThat(get(state.exchanges().due(T0.plusSeconds(3), 9)))
                .containsExactly(
                        new Due(SESSION, exchange("a", T0.plusSeconds(1))),
                        new Due(new SessionKey(OTHER, "s"), exchange("b", T0.plusSeconds(2))));
        assertThat(get(state.exchanges().due(T0.plusSeconds(9), 1))).hasSize(1);
        assertThat(get(state.exchanges().due(T0, 9))).isEmpty();
    }

    @Test
    void hostileIdsAreJustIds() {
        for (var id : Samples.HOSTILE) {
            get(state.exchanges().create(new SessionKey(ACME, id), exchange(id, T0)));
        }
        for (var id : Samples.HOSTILE) {
            assertThat(get(state.exchanges().find(new SessionKey(ACME, id), id)))
                    .contains(exchange(id, T0));
        }
        for (var id : List.of("", "\0", "\udc00")) {
            assertFault(state.exchanges().create(SESSION, exchange(id, T0)), Fault.Kind.INVALID_INPUT);
            assertThat(get(state.exchanges().find(SESSION, id))).isEmpty();
            assertThat(get(state.exchanges().take(SESSION, id, 1))).isFalse();
        }
    }
}
