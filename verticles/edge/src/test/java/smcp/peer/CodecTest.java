package smcp.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import smcp.bus.Fault;
import smcp.contract.Call;
import smcp.contract.CallEvent;
import smcp.contract.LegacyRequest;
import smcp.contract.Seal;
import smcp.contract.SessionStore.SessionKey;
import smcp.contract.Usage;
import smcp.peer.Wire.In;
import smcp.peer.Wire.Out;
import smcp.protocol.Json;
import smcp.tenant.TenantId;
import smcp.tenant.VersionRef;

class CodecTest {
    private static final int MOST = 1 << 20;

    private static FrameReader fed(Buffer bytes) {
        var reader = new FrameReader(MOST);
        reader.feed(bytes);
        return reader;
    }

    private static CallReader read(Buffer bytes) {
        var reader = fed(bytes);
        assertThat(reader.next()).isTrue();
        var read = new CallReader(reader.fields());
        assertThat(reader.unfinished()).isFalse();
        return read;
    }

    private static void same(Call there, Call here) {
        assertThat(there)
                .usingRecursiveComparison()
                .ignoringFields("deadlineNanos", "used")
                .withEqualsForType(Json::equals, Json.class)
                .isEqualTo(here);
        assertThat(Math.abs(there.deadlineNanos() - here.deadlineNanos()))
                .isLessThan(Duration.ofSeconds(5).toNanos());
        assertThat(there.used().attempts()).isEqualTo(here.used().attempts());
    }

    @Test
    void everyFieldOfACallComesOver() {
        var call = Calls.full();
        same(read(CallWriter.modern(call)).call(), call);
        same(read(CallWriter.modern(Calls.small())).call(), Calls.small());
    }

    @Test
    void argumentsStandWithinTheParamsOnBothSides() {
        var there = read(CallWriter.modern(Calls.full())).call();
        assertThat(there.arguments()).isNotNull();
        assertThat(there.arguments().bytes()).isSameAs(there.params().bytes());
        assertThat(there.arguments().from())
                .isBetween(there.params().from(), there.params().to());
        assertThat(there.arguments().text()).isEqualTo("{\"a\":[1,2,{}]}");
    }

    @Test
    void argumentsThatStandElsewhereComeOverToo() {
        var call = Calls.small();
        var elsewhere = new Call(
                call.version(),
                call.principal(),
                call.permissions(),
                call.client(),
                call.method(),
                call.name(),
                call.params(),
                Calls.inside("{\"a\":1}"),
                call.foreignMeta(),
                null,
                null,
                null,
                null,
                call.deadlineNanos(),
                new Usage());
        same(read(CallWriter.modern(elsewhere)).call(), elsewhere);
    }

    @Test
    void everyFieldOfALegacyRoundComesOver() {
        var chain =
                new Seal.Chain(new VersionRef(new TenantId("acme"), 2), 4, 1_790_000_000L, "chain-1", "half \ud800");
        var round = new LegacyRequest(
                Calls.full(),
                Calls.inside("\"id-9\""),
                new SessionKey(new TenantId("acme"), "s!~"),
                new LegacyRequest.Resumed("stream-1", 1L << 40, chain));

        var read = read(CallWriter.legacy(round, false));

        var there = read.legacy();
        same(there.call(), round.call());
        assertThat(there.requestId()).isEqualTo(round.requestId());
        assertThat(there.session()).isEqualTo(round.session());
        assertThat(there.resumed()).isEqualTo(round.resumed());
        assertThat(read.noReply()).isTrue();
    }

    @Test
    void aFirstLegacyRoundHasNothingToResume() {
        var read = read(CallWriter.legacy(Calls.legacy(Calls.small()), true));
        assertThat(read.legacy().resumed()).isNull();
        assertThat(read.noReply()).isFalse();
    }

    @Test
    void numbersOfEverySizeComeOver() {
        var random = new Random(4);
        var values = new ArrayList<>(List.of(0L, 1L, -1L, 127L, 128L, -128L, -129L, Long.MAX_VALUE, Long.MIN_VALUE));
        for (var i = 0; i < 2_000; i++) {
            values.add(random.nextLong() >> random.nextInt(64));
        }
        for (var value : values) {
            var reader =
                    fed(new FrameWriter(8).begin(1).put(5, (long) value).end().buffer());
            assertThat(reader.next()).isTrue();
            var fields = reader.fields();
            assertThat(fields.next()).isTrue();
            assertThat(fields.number64()).isEqualTo(value);
        }
    }

    @Test
    void framesAreFoundWhereverTheBytesAreCut() {
        var call = Calls.full();
        var bytes = CallWriter.modern(call).getBytes();
        var answer = EventWriter.event(
                        new CallEvent.Result(Json.of("{\"a\":\"" + "x".repeat(20_000) + "\"}")), new Usage())
                .getBytes();
        var both = Buffer.buffer(bytes).appendBytes(answer);
        var random = new Random(11);
        for (var round = 0; round < 300; round++) {
            var reader = new FrameReader(MOST);
            var kinds = new ArrayList<Integer>();
            for (var at = 0; at < both.length(); ) {
                var to = Math.min(both.length(), at + 1 + random.nextInt(round < 5 ? 1 : 8_000));
                reader.feed(Buffer.buffer(both.getBytes(at, to)));
                at = to;
                while (reader.next()) {
                    kinds.add(reader.kind());
                    if (reader.kind() == Wire.CALL) {
                        same(new CallReader(reader.fields()).call(), call);
                    } else {
                        assertThat(new OutFields(reader.fields()).json().length())
                                .isEqualTo(20_008);
                    }
                }
            }
            assertThat(kinds).as("seed 11, round " + round).containsExactly(Wire.CALL, Wire.RESULT);
            assertThat(reader.unfinished()).isFalse();
        }
    }

    @Test
    void aFieldThatMayBeIgnoredIs() {
        var bytes = new FrameWriter(64)
                .begin(Wire.RESULT)
                .put(50 | Wire.SKIPPABLE, "of a later version")
                .end(Out.JSON, Json.of("{}"))
                .buffer();
        var reader = fed(bytes);
        assertThat(reader.next()).isTrue();
        assertThat(new OutFields(reader.fields()).json().text()).isEqualTo("{}");
    }

    @Test
    void aFieldThatMustBeKnownIsNotIgnored() {
        var reader = fed(new FrameWriter(64)
                .begin(Wire.RESULT)
                .put(50, "of a later version")
                .end(Out.JSON, Json.of("{}"))
                .buffer());
        assertThat(reader.next()).isTrue();
        assertThatThrownBy(() -> new OutFields(reader.fields()))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("field 50");
    }

    @Test
    void nothingWrongGetsThrough() {
        assertThatThrownBy(
                        () -> fed(Buffer.buffer(new byte[] {0x7f, 0, 0, 0, 1})).next())
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("peer.maxFrameBytes");
        assertThatThrownBy(
                        () -> fed(Buffer.buffer(new byte[] {-1, -1, -1, -1, 1})).next())
                .isInstanceOf(Malformed.class);
        // a field longer than its frame, a length without an end, JSON that is empty
        for (var wrong : List.of(
                new byte[] {0, 0, 0, 3, 19, 1, 9, 0},
                new byte[] {0, 0, 0, 2, 19, 1, -1},
                new byte[] {0, 0, 0, 7, 19, 1, -1, -1, -1, -1, -1, -1},
                new byte[] {0, 0, 0, 2, 19, 1, 0})) {
            var reader = fed(Buffer.buffer(wrong));
            assertThat(reader.next()).isTrue();
            assertThatThrownBy(() -> new OutFields(reader.fields())).isInstanceOf(Malformed.class);
        }
        for (var from : List.of(-1, 5, 10)) {
            var bytes = whole().putRange(In.ARGUMENTS_AT, from, from == 10 ? 9 : 1_000)
                    .end(In.PARAMS, Json.of("{\"a\":1234567}"));
            assertThatThrownBy(() -> read(bytes.buffer()).call()).isInstanceOf(Malformed.class);
        }
    }

    private static FrameWriter whole() {
        return new FrameWriter(64)
                .begin(Wire.CALL)
                .put(In.TENANT, "acme")
                .put(In.NUMBER, 1)
                .put(In.ANONYMOUS)
                .put(In.TOOL, "*")
                .put(In.REVISION, "2026-07-28")
                .put(In.METHOD, "tools/call")
                .put(In.NAME, "add")
                .put(In.REMAINING, 1_000_000);
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThat(read(whole().end(In.PARAMS, Json.EMPTY_OBJECT).buffer())
                        .call()
                        .name())
                .isEqualTo("add");
        assertThatThrownBy(() -> read(whole().end().buffer()).call())
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("params");
        assertThatThrownBy(() ->
                        read(new FrameWriter(8).begin(Wire.CALL).end().buffer()).call())
                .isInstanceOf(Malformed.class);
    }

    @Test
    void permissionsThatAreNotSentAllowNothing() {
        var bytes = new FrameWriter(64)
                .begin(Wire.CALL)
                .put(In.TENANT, "acme")
                .put(In.NUMBER, 1)
                .put(In.ANONYMOUS)
                .put(In.REVISION, "2026-07-28")
                .put(In.METHOD, "tools/call")
                .put(In.NAME, "add")
                .put(In.REMAINING, 1)
                .end(In.PARAMS, Json.EMPTY_OBJECT);
        assertThat(read(bytes.buffer()).call().permissions().allowsTool("add")).isFalse();
    }

    /** Whatever is changed on the way, what comes of it is a call or a refusal. */
    @Test
    void damageIsRefusedAndNothingElse() {
        var bytes = CallWriter.legacy(Calls.legacy(Calls.full()), true).getBytes();
        var random = new Random(23);
        for (var round = 0; round < 20_000; round++) {
            var copy = bytes.clone();
            for (var i = 0; i <= random.nextInt(3); i++) {
                copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
            }
            try {
                var reader = fed(Buffer.buffer(copy));
                while (reader.next()) {
                    var _ = new CallReader(reader.fields()).legacy();
                }
            } catch (Malformed e) {
                assertThat(e.getMessage()).as("seed 23, round " + round).isNotBlank();
            }
        }
    }

    @Test
    void aFaultKeepsItsKindAndItsData() {
        var fault = Fault.withData(Fault.Kind.CAPABILITY_MISSING, "nö", "{\"requiredCapabilities\":{}}");
        var reader = fed(EventWriter.broken(fault, new Usage()));
        assertThat(reader.next()).isTrue();
        var read = new OutFields(reader.fields()).fault();
        assertThat(read.kind()).isEqualTo(fault.kind());
        assertThat(read.message()).isEqualTo("nö");
        assertThat(read.dataJson()).isEqualTo(fault.dataJson());
    }

    @Test
    void programsTalkTheNewestVersionThatBothKnow() {
        assertThat(new Versions(1, 3).common(new Versions(2, 5))).isEqualTo(3);
        assertThat(new Versions(2, 5).common(new Versions(1, 3))).isEqualTo(3);
        assertThat(new Versions(1, 1).common(new Versions(2, 3))).isZero();
        assertThat(Versions.parse("1-2")).isEqualTo(new Versions(1, 2));
        for (var wrong : new String[] {null, "", "1", "1-", "-1", "a-b", "1-99999"}) {
            assertThatThrownBy(() -> Versions.parse(wrong)).isInstanceOf(Malformed.class);
        }
        assertThat(new Versions(1, 2).has("2")).isTrue();
        for (var wrong : new String[] {null, "", "3", "0", "x", "-1", "99999999999"}) {
            assertThat(new Versions(1, 2).has(wrong)).isFalse();
        }
    }
}
