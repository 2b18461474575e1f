package smcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.store.Samples.ACME;
import static smcp.store.Samples.OTHER;
import static smcp.store.Samples.T0;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.frames;
import static smcp.store.Samples.get;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import smcp.bus.Fault;
import smcp.contract.EventLog;
import smcp.contract.EventLog.Event;
import smcp.contract.EventLog.Slice;
import smcp.contract.EventLog.StreamKey;
import smcp.contract.EventLog.Unended;
import smcp.contract.SessionStore.SessionKey;
import smcp.protocol.Json;

/** What every event log does. */
public abstract class EventLogContract extends StateContract {
    private static final StreamKey STREAM = new StreamKey(ACME, "s", "x");
    private static final Instant LATER = T0.plusSeconds(60);

    private EventLog log;

    @BeforeEach
    void openStream() {
        log = state.events();
        get(log.open(STREAM, "7", LATER));
    }

    private Slice read(long after, int most) {
        return get(log.read(STREAM, after, most, T0)).orElseThrow();
    }

    private static List<String> texts(Slice slice) {
        return slice.events().stream().map(event -> event.data().text()).toList();
    }

    @Test
    void aNewStreamIsEmpty() {
        assertThat(read(-1, 10)).isEqualTo(new Slice(List.of(), 0, 0, false));
    }

    @Test
    void framesComeBackInOrderFromAnyPosition() {
        get(log.append(STREAM, 0, frames("", "{\"a\":1}")));
        get(log.append(STREAM, 2, frames("{\"b\":\"ü😀\"}")));
        assertThat(read(-1, 10).events())
                .containsExactly(
                        new Event(0, Json.of("")),
                        new Event(1, Json.of("{\"a\":1}")),
                        new Event(2, Json.of("{\"b\":\"ü😀\"}")));
        assertThat(texts(read(0, 10))).containsExactly("{\"a\":1}", "{\"b\":\"ü😀\"}");
        assertThat(texts(read(0, 1))).containsExactly("{\"a\":1}");
        assertThat(read(2, 10)).isEqualTo(new Slice(List.of(), 0, 3, false));
        assertThat(read(99, 10)).isEqualTo(new Slice(List.of(), 0, 3, false));
        assertThat(read(-1, 0)).isEqualTo(new Slice(List.of(), 0, 3, false));
    }

    @Test
    void aSliceOfABiggerBufferIsKeptAlone() {
        var buffer = "xx{\"a\":1}yy".getBytes(StandardCharsets.UTF_8);
        get(log.append(STREAM, 0, List.of(Json.slice(buffer, 2, 9))));
        assertThat(texts(read(-1, 1))).containsExactly("{\"a\":1}");
    }

    @Test
    void aRepeatedAppendChangesNothing() {
        get(log.append(STREAM, 0, frames("0", "1")));
        get(log.append(STREAM, 0, frames("0", "1")));
        get(log.append(STREAM, 1, frames("1", "2")));
        get(log.append(STREAM, 3, frames()));
        assertThat(texts(read(-1, 10))).containsExactly("0", "1", "2");
    }

    @Test
    void aGapIsRefused() {
        get(log.append(STREAM, 0, frames("0")));
        assertFault(log.append(STREAM, 2, frames("2")), Fault.Kind.CONFLICT).hasMessageContaining("1, got 2");
        assertThat(texts(read(-1, 10))).containsExactly("0");
    }

    @Test
    void theOldestFramesGoWhenThereAreTooMany() {
        for (var i = 0; i < 20; i++) {
            get(log.append(STREAM, i, frames("{\"n\":" + i + "}")));
        }
        var slice = read(-1, 100);
        assertThat(slice.first()).isEqualTo(12);
        assertThat(slice.next()).isEqualTo(20);
        assertThat(slice.events()).extracting(Event::seq).containsExactly(12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L);
    }

    @Test
    void theOldestFramesGoWhenTheyAreTooLongButNeverTheNewest() {
        get(log.append(STREAM, 0, frames("a".repeat(400), "b".repeat(400))));
        get(log.append(STREAM, 2, frames("c".repeat(400))));
        assertThat(read(-1, 9).first()).isEqualTo(1);
        get(log.append(STREAM, 3, frames("d".repeat(5_000))));
        assertThat(texts(read(-1, 9))).containsExactly("d".repeat(5_000));
        get(log.append(STREAM, 4, frames("e")));
        assertThat(texts(read(-1, 9))).containsExactly("e");
    }

    @Test
    void aLongFrameIsKeptWhole() {
        var frame = "\"" + "ü".repeat(4 << 20) + "\"";
        get(log.append(STREAM, 0, frames(frame)));
        assertThat(texts(read(-1, 1)).getFirst().equals(frame)).isTrue();
    }

    @Test
    void anEndedStreamIsReadToItsNewExpiry() {
        get(log.append(STREAM, 0, frames("0")));
        get(log.end(STREAM, T0.plusSeconds(10)));
        assertThat(read(-1, 9).ended()).isTrue();
        assertThat(get(log.read(STREAM, -1, 9, T0.plusSeconds(10)))).isEmpty();
        get(log.append(STREAM, 0, frames("0")));
        assertFault(log.append(STREAM, 1, frames("1")), Fault.Kind.CONFLICT).hasMessageContaining("ended");
        get(log.end(new StreamKey(ACME, "s", "unknown"), LATER));
    }

    @Test
    void whatIsUnknownOrExpiredIsEmpty() {
        assertThat(get(log.read(STREAM, -1, 9, LATER))).isEmpty();
        assertThat(get(log.read(new StreamKey(ACME, "s", "y"), -1, 9, T0))).isEmpty();
        assertThat(get(log.read(new StreamKey(ACME, "t", "x"), -1, 9, T0))).isEmpty();
        assertThat(get(log.read(new StreamKey(OTHER, "s", "x"), -1, 9, T0))).isEmpty();
        assertThat(get(log.read(new StreamKey(ACME, "\ud800", "x"), -1, 9, T0))).isEqualTo(Optional.empty());
    }

    @Test
    void appendingToAStreamThatIsGoneSaysSo() {
        assertThat(get(log.sweep(LATER))).isZero();
        assertThat(get(log.sweep(LATER.plusNanos(1)))).isEqualTo(1);
        assertFault(log.append(STREAM, 0, frames("0")), Fault.Kind.CURSOR_UNKNOWN);
        assertFault(log.append(new StreamKey(ACME, "s", "\ud800"), 0, frames("0")), Fault.Kind.CURSOR_UNKNOWN);
    }

    @Test
    void openingAgainOnlyProlongs() {
        get(log.append(STREAM, 0, frames("0")));
        get(log.open(STREAM, "1", T0));
        get(log.open(STREAM, "1", LATER.plusSeconds(9)));
        assertThat(get(log.read(STREAM, -1, 9, LATER)).map(EventLogContract::texts))
                .contains(List.of("0"));
    }

    @Test
    void streamsThatNobodyEndedAreFoundWithTheirRequest() {
        get(log.append(STREAM, 0, frames("", "0")));
        var ended = new StreamKey(ACME, "s", "ended");
        get(log.open(ended, "8", LATER));
        get(log.end(ended, LATER));
        assertThat(get(log.unended(null, 9))).containsExactly(new Unended(STREAM, "7", 2));
        assertThat(get(log.unended(null, 0))).isEmpty();
        get(log.end(STREAM, LATER));
        assertThat(get(log.unended(null, 9))).isEmpty();
    }

    @Test
    void aStreamWhoseCallWaitsForItsClientIsNotLost() {
        var asked = Samples.exchange("e", LATER);
        var stream = new StreamKey(ACME, "s", asked.stream());
        get(log.open(stream, "\"seven\"", LATER));
        get(log.end(STREAM, LATER));
        var session = new SessionKey(ACME, "s");
        get(state.exchanges().create(session, asked));
        assertThat(get(log.unended(null, 9))).isEmpty();
        assertThat(get(state.exchanges().take(session, "e", asked.stamp()))).isTrue();
        assertThat(get(log.unended(null, 9))).containsExactly(new Unended(stream, "\"seven\"", 0));
    }

    @Test
    void theSweepTakesEverythingExpired() {
        var opened = new ArrayList<Future<Void>>();
        for (var i = 0; i < 1_200; i++) {
            opened.add(log.open(new StreamKey(i % 2 == 0 ? ACME : OTHER, "s", "n" + i), "1", T0));
        }
        get(Future.all(opened));
        assertThat(get(log.sweep(T0.plusNanos(1)))).isEqualTo(1_200);
        assertThat(get(log.read(STREAM, -1, 1, T0))).isPresent();
    }

    @Test
    void manyStreamsAtOnceKeepTheirOrder() {
        var all = new ArrayList<Future<Void>>();
        for (var stream = 0; stream < 20; stream++) {
            var key = new StreamKey(ACME, "s", "many" + stream);
            all.add(log.open(key, "1", LATER));
            for (var seq = 0; seq < 8; seq++) {
                all.add(log.append(key, seq, frames(stream + "." + seq)));
            }
        }
        get(Future.all(all));
        for (var stream = 0; stream < 20; stream++) {
            var slice = get(log.read(new StreamKey(ACME, "s", "many" + stream), -1, 9, T0))
                    .orElseThrow();
            var prefix = stream + ".";
            assertThat(texts(slice))
                    .hasSize(8)
                    .allMatch(text -> text.startsWith(prefix))
                    .isSorted();
        }
    }

    @Test
    void hostileKeysAreJustKeys() {
        for (var id : Samples.HOSTILE) {
            var key = new StreamKey(ACME, id, id);
            get(log.open(key, "1", LATER));
            get(log.append(key, 0, frames("\"" + id.length() + "\"")));
        }
        for (var id : Samples.HOSTILE) {
            assertThat(get(log.read(new StreamKey(ACME, id, id), -1, 9, T0)).map(EventLogContract::texts))
                    .contains(List.of("\"" + id.length() + "\""));
        }
    }
}
