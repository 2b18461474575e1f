package smcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.store.Samples.ACME;
import static smcp.store.Samples.OTHER;
import static smcp.store.Samples.T0;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.exchange;
import static smcp.store.Samples.frames;
import static smcp.store.Samples.get;
import static smcp.store.Samples.session;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import smcp.bus.Fault;
import smcp.contract.EventLog.StreamKey;
import smcp.contract.SessionRecord;
import smcp.contract.SessionStore.SessionKey;

/** What every session store does. */
public abstract class SessionStoreContract extends StateContract {
    private static final Instant LATER = T0.plusSeconds(60);

    private void create(SessionRecord session) {
        get(state.sessions().create(session, LATER));
    }

    @Test
    void aSessionIsFoundAsItWasCreated() {
        create(session(ACME, "s"));
        assertThat(get(state.sessions().find(ACME, "s", T0))).contains(session(ACME, "s"));
    }

    @Test
    void aSessionIsCreatedOnceOnly() {
        create(session(ACME, "s"));
        assertFault(state.sessions().create(session(ACME, "s"), LATER), Fault.Kind.CONFLICT);
        assertThat(get(state.sessions().count(ACME))).isEqualTo(1);
    }

    @Test
    void tenantsDoNotSeeEachOthersSessions() {
        create(session(ACME, "s"));
        assertThat(get(state.sessions().find(OTHER, "s", T0))).isEmpty();
        assertThat(get(state.sessions().delete(OTHER, "s"))).isFalse();
        create(session(OTHER, "s"));
        assertThat(get(state.sessions().delete(ACME, "s"))).isTrue();
        assertThat(get(state.sessions().find(OTHER, "s", T0))).isPresent();
    }

    @Test
    void aSessionExpiresAtItsInstant() {
        create(session(ACME, "s"));
        assertThat(get(state.sessions().find(ACME, "s", LATER.minusNanos(1)))).isPresent();
        assertThat(get(state.sessions().find(ACME, "s", LATER))).isEmpty();
    }

    @Test
    void touchingMovesTheExpiryOnlyForward() {
        create(session(ACME, "s"));
        get(state.sessions().touch(ACME, "s", T0, LATER.minusSeconds(30)));
        assertThat(get(state.sessions().find(ACME, "s", LATER.minusNanos(1)))).isPresent();
        get(state.sessions().touch(ACME, "s", T0, LATER.plusSeconds(30)));
        assertThat(get(state.sessions().find(ACME, "s", LATER.plusSeconds(29)))).isPresent();
        get(state.sessions().touch(ACME, "gone", T0, LATER));
        assertThat(get(state.sessions().find(ACME, "gone", T0))).isEmpty();
    }

    @Test
    void touchingDoesNotBringAnExpiredSessionBack() {
        create(session(ACME, "s"));
        get(state.sessions().touch(ACME, "s", LATER, LATER.plusSeconds(30)));
        assertThat(get(state.sessions().find(ACME, "s", LATER))).isEmpty();
    }

    @Test
    void replacingNeedsTheStampItWasMadeFrom() {
        var first = session(ACME, "s");
        create(first);
        var second = first.withLogLevel("\"debug\"");
        assertThat(get(state.sessions().replace(second))).isTrue();
        assertThat(get(state.sessions().replace(first.withSubscriptions(Map.of()))))
                .isFalse();
        assertThat(get(state.sessions().replace(session(ACME, "gone").withLogLevel("x"))))
                .isFalse();
        assertThat(get(state.sessions().find(ACME, "s", T0))).contains(second);
    }

    @Test
    void ofManyReplacementsAtOnceOneWins() {
        var first = session(ACME, "s");
        create(first);
        var all = new ArrayList<Future<Boolean>>();
        for (var i = 0; i < 50; i++) {
            all.add(state.sessions().replace(first.withLogLevel("\"" + i + "\"")));
        }
        assertThat(all.stream().filter(each -> get(each)).count()).isEqualTo(1);
    }

    @Test
    void aSessionTakesItsStreamsAndExchangesAlong() {
        create(session(ACME, "s"));
        create(session(ACME, "t"));
        for (var id : List.of("s", "t")) {
            get(state.events().open(new StreamKey(ACME, id, "x"), "1", LATER));
            get(state.events().append(new StreamKey(ACME, id, "x"), 0, frames("{}")));
            get(state.exchanges().create(new SessionKey(ACME, id), exchange("e", LATER)));
        }
        assertThat(get(state.sessions().delete(ACME, "s"))).isTrue();
        assertThat(get(state.events().read(new StreamKey(ACME, "s", "x"), -1, 9, T0)))
                .isEmpty();
        assertThat(get(state.exchanges().find(new SessionKey(ACME, "s"), "e"))).isEmpty();
        assertThat(get(state.events().read(new StreamKey(ACME, "t", "x"), -1, 9, T0)))
                .isPresent();
        assertThat(get(state.exchanges().find(new SessionKey(ACME, "t"), "e"))).isPresent();
    }

    @Test
    void theSweepTakesWhatExpiredAndNoMoreThanAsked() {
        for (var i = 0; i < 10; i++) {
            get(state.sessions().create(session(i % 2 == 0 ? ACME : OTHER, "s" + i), T0.plusSeconds(i)));
        }
        get(state.exchanges().create(new SessionKey(ACME, "s0"), exchange("e", LATER)));
        var first = get(state.sessions().sweep(T0.plusSeconds(6), 4));
        var second = get(state.sessions().sweep(T0.plusSeconds(6), 4));
        assertThat(first).hasSize(4);
        first.addAll(second);
        assertThat(first)
                .containsExactlyInAnyOrder(
                        new SessionKey(ACME, "s0"),
                        new SessionKey(OTHER, "s1"),
                        new SessionKey(ACME, "s2"),
                        new SessionKey(OTHER, "s3"),
                        new SessionKey(ACME, "s4"),
                        new SessionKey(OTHER, "s5"));
        assertThat(get(state.sessions().count(ACME))).isEqualTo(2);
        assertThat(get(state.sessions().count(OTHER))).isEqualTo(2);
        assertThat(get(state.exchanges().find(new SessionKey(ACME, "s0"), "e"))).isEmpty();
    }

    @Test
    void theCountFollowsEveryWayASessionEnds() {
        assertThat(get(state.sessions().count(ACME))).isZero();
        create(session(ACME, "a"));
        create(session(ACME, "b"));
        assertThat(get(state.sessions().delete(ACME, "a"))).isTrue();
        assertThat(get(state.sessions().delete(ACME, "a"))).isFalse();
        assertThat(get(state.sessions().count(ACME))).isEqualTo(1);
        assertThat(get(state.sessions().sweep(Instant.MAX, 10))).hasSize(1);
        assertThat(get(state.sessions().count(ACME))).isZero();
    }

    @Test
    void hostileIdsAreJustIds() {
        Samples.HOSTILE.forEach(id -> create(session(ACME, id)));
        for (var id : Samples.HOSTILE) {
            assertThat(get(state.sessions().find(ACME, id, T0))).contains(session(ACME, id));
        }
        assertThat(get(state.sessions().count(ACME))).isEqualTo(Samples.HOSTILE.size());
    }

    @Test
    void idsThatHaveNoFormInTheStoreAreUnknownAndCannotBeMade() {
        create(session(ACME, "?"));
        for (var id : List.of("\ud800", "a\0b", "\udc00x")) {
            assertThat(get(state.sessions().find(ACME, id, T0))).isEmpty();
            assertThat(get(state.sessions().delete(ACME, id))).isFalse();
            get(state.sessions().touch(ACME, id, T0, LATER));
            assertFault(state.sessions().create(session(ACME, id), LATER), Fault.Kind.INVALID_INPUT);
        }
        assertFault(state.sessions().create(session(ACME, ""), LATER), Fault.Kind.INVALID_INPUT);
        assertFault(state.sessions().create(session(ACME, "x".repeat(513)), LATER), Fault.Kind.INVALID_INPUT)
                .hasMessageContaining("512");
    }
}
