package smcp.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class RecordCodecTest {
    /** What travels. */
    public record Sample(String text, Instant at, Duration pause, List<Integer> numbers) {}

    private static MessageCodec<Record, Record> codec() {
        return RecordCodec.made();
    }

    @Test
    void aRecordWithTimesSurvivesTheWire() {
        var sample =
                new Sample("é", Instant.parse("2026-08-01T00:00:00.123456789Z"), Duration.ofMillis(5), List.of(1, 2));
        var wire = Buffer.buffer("before");
        var at = wire.length();
        codec().encodeToWire(wire, sample);
        assertThat(codec().decodeFromWire(at, wire)).isEqualTo(sample);
    }

    @Test
    void onOneNodeItGoesByReference(Vertx vertx) {
        var sample = new Sample("x", Instant.EPOCH, Duration.ZERO, List.of());
        assertThat(codec().transform(sample)).isSameAs(sample);
        RecordCodec.install(vertx);
        assertThatThrownBy(() -> RecordCodec.install(vertx)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void onlyRecordsOfThisProgramAreRead() {
        var wire = Buffer.buffer();
        var name = "java.lang.String";
        wire.appendInt(name.length()).appendString(name).appendInt(2).appendString("{}");
        assertThatThrownBy(() -> codec().decodeFromWire(0, wire)).hasMessageContaining("not a record of this program");
    }
}
