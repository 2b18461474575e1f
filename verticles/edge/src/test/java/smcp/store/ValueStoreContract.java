package smcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.store.Samples.ACME;
import static smcp.store.Samples.OTHER;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.get;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import smcp.bus.Fault;
import smcp.contract.ValueStore;
import smcp.contract.ValueStore.Page;
import smcp.contract.ValueStore.Size;
import smcp.contract.ValueStore.Value;
import smcp.contract.ValueStore.Write;
import smcp.tenant.TenantId;

/** What every store of values does. */
public abstract class ValueStoreContract {
    static final Size PLENTY = new Size(1_000_000, 1L << 40);
    static final Write WRITE = new Write(ValueStore.ANY, null, PLENTY);
    private static final TenantId ACME_ONE = new TenantId("acme-1");
    private static final TenantId ACME_ONE_ONE = new TenantId("acme-11");

    /** Keys somebody may have chosen to break out of something. */
    private static final List<String> HOSTILE = List.of(
            "\0",
            "\0\0",
            "\n",
            "\r\n*3\r\n$3\r\nDEL\r\n",
            " ",
            "\"quoted\"",
            "%",
            "%00",
            "%_",
            "'; DROP TABLE value; --",
            "*",
            "../../etc/passwd",
            "/",
            "[a-z]",
            "\\",
            "_",
            "a",
            "a\0",
            "a\0b",
            "a/../b",
            "a{b}",
            "acme:kv",
            "e\u0301",
            "x".repeat(512),
            "{",
            "{acme}",
            "{}",
            "\u007f",
            "é",
            "é naïve ȷøn",
            "\ud7ff",
            "\ue000",
            "\uffff",
            "\ud800\udc00",
            "😀",
            "\udbff\udfff");

    protected ValueStore store;

    /** A store with nothing in it. */
    protected abstract ValueStore newStore();

    protected abstract void closeStore();

    /** The store's own time. */
    protected abstract Instant now();

    /** Returns when the store's own time is that much later. */
    protected abstract void pass(Duration time);

    /** A life that a test can wait for; long enough for what is done within it. */
    protected Duration life() {
        return Duration.ofMinutes(1);
    }

    /** Bytes of the longest value it takes. */
    protected int longest() {
        return ValueStore.LONGEST_STORED;
    }

    /** Bytes that a value takes more than it has. */
    protected int overhead() {
        return 0;
    }

    /** What so many values take, whose keys and contents have so many bytes. */
    private Size size(long entries, long bytes) {
        return new Size(entries, bytes + entries * overhead());
    }

    @BeforeEach
    void open() {
        store = newStore();
    }

    @AfterEach
    void close() {
        closeStore();
    }

    @CanIgnoreReturnValue
    private long put(TenantId tenant, String key, String value) {
        return get(store.put(tenant, key, Buffer.buffer(value), WRITE));
    }

    @CanIgnoreReturnValue
    private long put(TenantId tenant, String key, String value, Duration life) {
        return get(store.put(tenant, key, Buffer.buffer(value), new Write(ValueStore.ANY, life, PLENTY)));
    }

    private Future<Long> put(String key, String value, long expected) {
        return store.put(ACME, key, Buffer.buffer(value), new Write(expected, null, PLENTY));
    }

    private @Nullable String text(TenantId tenant, String key) {
        return get(store.get(tenant, key))
                .map(value -> value.content().toString())
                .orElse(null);
    }

    private long version(TenantId tenant, String key) {
        return get(store.get(tenant, key)).orElseThrow().version();
    }

    private List<String> names(TenantId tenant, String prefix, int page) {
        return all(tenant, prefix, page).stream().map(ValueStore.Key::name).toList();
    }

    private List<ValueStore.Key> all(TenantId tenant, String prefix, int page) {
        var keys = new ArrayList<ValueStore.Key>();
        String after = null;
        do {
            var next = get(store.list(tenant, prefix, after, page));
            assertThat(next.keys()).hasSizeLessThanOrEqualTo(page);
            keys.addAll(next.keys());
            after = next.next();
        } while (after != null);
        return keys;
    }

    /** All at once, each on a thread of its own; fails with the first that failed. */
    private static void together(int many, java.util.function.IntConsumer each) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var done = IntStream.range(0, many)
                    .mapToObj(i -> threads.submit(() -> each.accept(i)))
                    .toList();
            for (var one : done) {
                one.get(30, TimeUnit.SECONDS);
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static int length(String key) {
        return key.getBytes(StandardCharsets.UTF_8).length;
    }

    @Test
    void aValueIsReadAsItWasWritten() {
        var bytes = new byte[70_000];
        new Random(1).nextBytes(bytes);
        var version = get(store.put(ACME, "k", Buffer.buffer(bytes), WRITE));
        var value = get(store.get(ACME, "k")).orElseThrow();
        assertThat(value.content().getBytes()).isEqualTo(bytes);
        assertThat(value.version()).isEqualTo(version).isPositive();
        assertThat(value.expires()).isNull();
        assertThat(get(store.get(ACME, "K"))).isEmpty();
        assertThat(get(store.get(OTHER, "k"))).isEmpty();
    }

    @Test
    void anEmptyValueIsAValue() {
        put(ACME, "k", "");
        assertThat(text(ACME, "k")).isEmpty();
        assertThat(get(store.size(ACME))).isEqualTo(size(1, 1));
    }

    @Test
    void whatTheCallerDoesWithABufferChangesNothingStored() {
        var given = Buffer.buffer("value");
        get(store.put(ACME, "k", given, WRITE));
        given.setByte(0, (byte) 'X');
        get(store.get(ACME, "k")).orElseThrow().content().setByte(0, (byte) 'Y');
        assertThat(text(ACME, "k")).isEqualTo("value");
    }

    @Test
    void aSliceOfABufferIsStoredAlone() {
        get(store.put(ACME, "k", Buffer.buffer("before-value-after").slice(7, 12), WRITE));
        assertThat(text(ACME, "k")).isEqualTo("value");
    }

    @Test
    void oneVersionIsReplacedOnce() {
        var first = get(put("k", "1", ValueStore.ABSENT));
        assertFault(put("k", "2", ValueStore.ABSENT), Fault.Kind.CONFLICT)
                .hasMessageContaining("\"k\"")
                .hasMessageContaining("version " + first);
        var second = get(put("k", "2", first));
        assertFault(put("k", "3", first), Fault.Kind.CONFLICT).hasMessageContaining("version " + second);
        assertThat(text(ACME, "k")).isEqualTo("2");
        assertThat(get(put("k", "3", ValueStore.ANY))).isGreaterThan(second);
        assertFault(put("none", "x", second), Fault.Kind.CONFLICT).hasMessageContaining("has no value");
        assertThat(text(ACME, "none")).isNull();
    }

    @Test
    void aDeleteMayNameTheVersionItMeans() {
        var version = put(ACME, "k", "1");
        assertFault(store.delete(ACME, "k", version + 1), Fault.Kind.CONFLICT);
        assertFault(store.delete(ACME, "k", ValueStore.ABSENT), Fault.Kind.CONFLICT);
        assertThat(get(store.delete(OTHER, "k", ValueStore.ANY))).isFalse();
        assertThat(get(store.delete(ACME, "k", version))).isTrue();
        assertThat(get(store.delete(ACME, "k", version))).isFalse();
        assertThat(get(store.delete(ACME, "k", ValueStore.ANY))).isFalse();
        put(ACME, "k", "2");
        assertThat(get(store.delete(ACME, "k", ValueStore.ANY))).isTrue();
        assertThat(get(store.get(ACME, "k"))).isEmpty();
        assertThat(get(store.size(ACME))).isEqualTo(size(0, 0));
    }

    @Test
    void noUpdateOfAHundredWritersIsLost() {
        put(ACME, "counter", "0");
        together(100, i -> {
            while (true) {
                var was = get(store.get(ACME, "counter")).orElseThrow();
                var next = Integer.toString(Integer.parseInt(was.content().toString()) + 1);
                try {
                    get(put("counter", next, was.version()));
                    return;
                } catch (Fault e) {
                    assertThat(e.kind()).isEqualTo(Fault.Kind.CONFLICT);
                }
            }
        });
        assertThat(text(ACME, "counter")).isEqualTo("100");
    }

    @Test
    void ofManyWhoWantAFreeKeyOneGetsIt() {
        var made = IntStream.range(0, 50)
                .mapToObj(i -> put("k", "" + i, ValueStore.ABSENT))
                .toList();
        get(Future.join(made).otherwiseEmpty());
        assertThat(made.stream().filter(Future::succeeded)).hasSize(1);
    }

    @Test
    void noVersionIsGivenTwice() {
        var seen = new ArrayList<Long>();
        for (var i = 0; i < 3; i++) {
            seen.add(put(ACME, "k", "1"));
            seen.add(put(ACME, "k", "2"));
            seen.add(put(ACME, "l", "1"));
            get(store.delete(ACME, "k", ValueStore.ANY));
            seen.add(put(ACME, "k", "3"));
            get(store.drop(ACME));
        }
        seen.add(put(ACME, "k", "4"));
        assertThat(seen).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void versionsOfManyWritersAtOnceDiffer() {
        var versions = IntStream.range(0, 200)
                .mapToObj(i -> store.put(ACME, "k" + i % 7, Buffer.buffer("v"), WRITE))
                .toList();
        assertThat(versions.stream().map(Samples::get)).doesNotHaveDuplicates();
    }

    @Test
    void anExpiredValueIsNone() {
        var before = now();
        var version = put(ACME, "k", "1", life());
        put(ACME, "l", "2");
        var expires =
                Objects.requireNonNull(get(store.get(ACME, "k")).orElseThrow().expires());
        assertThat(expires)
                .isBetween(
                        before.plus(life()).minusMillis(1), now().plus(life()).plusMillis(1));
        assertThat(get(store.list(ACME, "k", null, 9)).keys())
                .containsExactly(new ValueStore.Key("k", version, 1, expires));
        pass(life());
        assertThat(get(store.get(ACME, "k"))).isEmpty();
        assertThat(names(ACME, "", 9)).containsExactly("l");
        assertThat(get(store.delete(ACME, "k", version))).isFalse();
        assertFault(put("k", "2", version), Fault.Kind.CONFLICT);
        assertThat(get(put("k", "2", ValueStore.ABSENT))).isGreaterThan(version);
        assertThat(get(store.size(ACME))).isEqualTo(size(2, 4));
    }

    @Test
    void everyWriteGivesAValueANewLife() {
        put(ACME, "kept", "1", life());
        put(ACME, "kept", "2");
        put(ACME, "mortal", "1");
        put(ACME, "mortal", "2", life());
        pass(life());
        assertThat(text(ACME, "kept")).isEqualTo("2");
        assertThat(text(ACME, "mortal")).isNull();
    }

    @Test
    void theSweepTakesWhatExpiredAndNoMoreThanAsked() {
        for (var i = 0; i < 10; i++) {
            put(i % 2 == 0 ? ACME : OTHER, "k" + i, "v", Duration.ofMinutes(i + 1));
        }
        put(ACME, "kept", "v");
        var later = now().plus(Duration.ofMinutes(6)).plusMillis(1);
        assertThat(get(store.sweep(now(), 100))).isZero();
        var first = get(store.sweep(later, 4));
        var second = get(store.sweep(later, 4));
        assertThat(first).isEqualTo(4);
        assertThat(first + second).isBetween(5, 6);
        assertThat(get(store.sweep(later.plus(Duration.ofMinutes(60)), 100))).isEqualTo(10 - first - second);
        assertThat(get(store.size(ACME))).isEqualTo(size(1, 5));
        assertThat(get(store.size(OTHER))).isEqualTo(size(0, 0));
        assertThat(text(ACME, "kept")).isEqualTo("v");
    }

    @Test
    void theSweepLeavesWhatWasWrittenAnewMeanwhile() {
        put(ACME, "k", "1", life());
        pass(life());
        put(ACME, "k", "2");
        assertThat(get(store.sweep(now(), 100))).isZero();
        assertThat(text(ACME, "k")).isEqualTo("2");
        assertThat(get(store.size(ACME))).isEqualTo(size(1, 2));
    }

    @Test
    void hostileKeysAreJustKeys() {
        var shuffled = new ArrayList<>(HOSTILE);
        java.util.Collections.shuffle(shuffled, new Random(7));
        for (var key : shuffled) {
            get(put(key, "value of " + key, ValueStore.ABSENT));
        }
        for (var key : HOSTILE) {
            assertThat(text(ACME, key)).isEqualTo("value of " + key);
        }
        assertThat(get(store.size(ACME)).entries()).isEqualTo(HOSTILE.size());
        for (var key : HOSTILE) {
            assertThat(get(store.delete(ACME, key, ValueStore.ANY))).as(key).isTrue();
        }
        assertThat(get(store.size(ACME))).isEqualTo(size(0, 0));
    }

    @Test
    void keysComeInTheOrderOfTheirBytesInUtf8() {
        var ordered = HOSTILE.stream()
                .sorted((a, b) ->
                        Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)))
                .toList();
        assertThat(ordered).isNotEqualTo(HOSTILE.stream().sorted().toList());
        HOSTILE.forEach(key -> put(ACME, key, "v"));
        for (var page : List.of(1, 2, 5, 1_000)) {
            assertThat(names(ACME, "", page)).isEqualTo(ordered);
        }
    }

    @Test
    void aPrefixIsTakenAsItIs() {
        var keys = new ArrayList<>(HOSTILE);
        keys.addAll(List.of("%0", "_a", "aa", "a*", "a[", "\\x", "{acme}:kv:1", "ée", "😀x", "\0x"));
        keys.forEach(key -> put(ACME, key, "v"));
        for (var prefix : List.of(
                "", "\0", "%", "_", "a", "a\0", "*", "[", "\\", "{", "{acme}", "é", "😀", "\udbff\udfff", "zz")) {
            var expected = keys.stream().filter(key -> key.startsWith(prefix)).toList();
            assertThat(names(ACME, prefix, 2)).as("prefix %s", prefix).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void pagesAreFullAndTheLastOneSaysSo() {
        IntStream.range(0, 10).forEach(i -> put(ACME, "p/" + i, "v"));
        put(ACME, "o", "v");
        put(ACME, "q", "v");
        var page = get(store.list(ACME, "p/", null, 5));
        assertThat(page.keys()).extracting(ValueStore.Key::name).containsExactly("p/0", "p/1", "p/2", "p/3", "p/4");
        page = get(store.list(ACME, "p/", Objects.requireNonNull(page.next()), 5));
        assertThat(page.keys()).extracting(ValueStore.Key::name).containsExactly("p/5", "p/6", "p/7", "p/8", "p/9");
        assertThat(page.next()).isNull();
        assertThat(get(store.list(ACME, "none", null, 5))).isEqualTo(new Page(List.of(), null));
        assertThat(get(store.list(OTHER, "", null, 5))).isEqualTo(new Page(List.of(), null));
    }

    @Test
    void aWalkSeesWhatStaysOnceWhateverIsWrittenMeanwhile() {
        var stable = IntStream.range(0, 60).mapToObj("%03d"::formatted).toList();
        stable.forEach(key -> put(ACME, key, "v"));
        var random = new Random(3);
        var seen = new ArrayList<String>();
        var passing = new HashSet<String>();
        String after = null;
        do {
            var page = get(store.list(ACME, "", after, 7));
            page.keys().forEach(key -> seen.add(key.name()));
            after = page.next();
            for (var i = 0; i < 10; i++) {
                var key = "%03d~".formatted(random.nextInt(60));
                if (passing.add(key)) {
                    put(ACME, key, "passing");
                } else {
                    passing.remove(key);
                    get(store.delete(ACME, key, ValueStore.ANY));
                }
            }
            put(ACME, stable.get(random.nextInt(60)), "rewritten");
        } while (after != null);
        assertThat(seen).doesNotHaveDuplicates().isSorted();
        assertThat(seen.stream().filter(key -> !key.endsWith("~"))).isEqualTo(stable);
    }

    @Test
    void aWalkGoesOnWhenTheKeyItStoppedAtIsGone() {
        IntStream.range(0, 6).forEach(i -> put(ACME, "k" + i, "v"));
        var page = get(store.list(ACME, "", null, 3));
        page.keys().forEach(key -> get(store.delete(ACME, key.name(), ValueStore.ANY)));
        assertThat(get(store.list(ACME, "", page.next(), 9)).keys())
                .extracting(ValueStore.Key::name)
                .containsExactly("k3", "k4", "k5");
    }

    @Test
    void aListTellsVersionAndLength() {
        var version = put(ACME, "k", "12345");
        assertThat(get(store.list(ACME, "", null, 9)).keys())
                .containsExactly(new ValueStore.Key("k", version, 5, null));
    }

    @Test
    void keysHaveBounds() {
        for (var key : List.of("x".repeat(512), "é".repeat(256), "😀".repeat(128))) {
            put(ACME, key, "v");
            assertThat(text(ACME, key)).isEqualTo("v");
        }
        for (var key : List.of("x".repeat(513), "é".repeat(256) + "x", "😀".repeat(128) + "x", "x".repeat(100_000))) {
            assertFault(store.put(ACME, key, Buffer.buffer("v"), WRITE), Fault.Kind.INVALID_INPUT)
                    .hasMessageContaining("512");
            assertFault(store.get(ACME, key), Fault.Kind.INVALID_INPUT);
            assertFault(store.delete(ACME, key, ValueStore.ANY), Fault.Kind.INVALID_INPUT);
            assertFault(store.list(ACME, key, null, 1), Fault.Kind.INVALID_INPUT);
        }
        assertFault(store.put(ACME, "", Buffer.buffer("v"), WRITE), Fault.Kind.INVALID_INPUT)
                .hasMessageContaining("512");
        assertFault(store.get(ACME, ""), Fault.Kind.INVALID_INPUT);
        assertThat(get(store.size(ACME)).entries()).isEqualTo(3);
    }

    @Test
    void halfASurrogatePairIsNoKey() {
        put(ACME, "?", "v");
        put(ACME, "\ufffd", "v");
        for (var key : List.of("\ud800", "a\udc00", "\udc00\ud800", "\ud83dx")) {
            assertFault(store.put(ACME, key, Buffer.buffer("v"), WRITE), Fault.Kind.INVALID_INPUT)
                    .hasMessageContaining("surrogate");
            assertFault(store.get(ACME, key), Fault.Kind.INVALID_INPUT);
            assertFault(store.delete(ACME, key, ValueStore.ANY), Fault.Kind.INVALID_INPUT);
            assertFault(store.list(ACME, key, null, 1), Fault.Kind.INVALID_INPUT);
        }
        assertThat(names(ACME, "", 9)).containsExactly("?", "\ufffd");
    }

    @Test
    void versionsLivesAndPagesHaveBounds() {
        assertFault(put("k", "v", -2), Fault.Kind.INVALID_INPUT).hasMessageContaining("-2");
        for (var life : List.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofSeconds(Long.MAX_VALUE))) {
            var how = new Write(ValueStore.ANY, life, PLENTY);
            assertFault(store.put(ACME, "k", Buffer.buffer("v"), how), Fault.Kind.INVALID_INPUT)
                    .hasMessageContaining("life");
        }
        put(ACME, "k", "v", ValueStore.LONGEST_LIFE);
        assertThat(text(ACME, "k")).isEqualTo("v");
        for (var most : List.of(-1, 0, 1_001)) {
            assertFault(store.list(ACME, "", null, most), Fault.Kind.INVALID_INPUT)
                    .hasMessageContaining("1000")
                    .hasMessageContaining(most.toString());
        }
    }

    @Test
    void theLongestValueIsKeptAndALongerOneRefused() {
        var bytes = new byte[longest()];
        new Random(5).nextBytes(bytes);
        var first = get(store.put(ACME, "big", Buffer.buffer(bytes), WRITE));
        assertThat(get(store.get(ACME, "big")).orElseThrow().content().getBytes())
                .isEqualTo(bytes);
        assertThat(get(store.size(ACME))).isEqualTo(size(1, bytes.length + 3L));
        var longer = Buffer.buffer(bytes).appendByte((byte) 0);
        assertFault(store.put(ACME, "big", longer, WRITE), Fault.Kind.INVALID_INPUT)
                .hasMessageContaining(Integer.toString(longest()));

        bytes[bytes.length - 1]++;
        assertThat(get(store.put(ACME, "big", Buffer.buffer(bytes), new Write(first, null, PLENTY))))
                .isGreaterThan(first);
        assertThat(get(store.get(ACME, "big")).orElseThrow().content().getBytes())
                .isEqualTo(bytes);
        put(ACME, "big", "small now");
        assertThat(text(ACME, "big")).isEqualTo("small now");
        assertThat(get(store.size(ACME))).isEqualTo(size(1, 12));
    }

    @Test
    void aBigValueThatIsRefusedLeavesWhatWasThere() {
        var was = put(ACME, "k", "small");
        var big = Buffer.buffer(new byte[3 << 20]);
        assertFault(store.put(ACME, "k", big, new Write(ValueStore.ANY, null, new Size(9, 1 << 20))), Fault.Kind.QUOTA);
        assertFault(store.put(ACME, "k", big, new Write(was + 1, null, PLENTY)), Fault.Kind.CONFLICT);
        assertThat(text(ACME, "k")).isEqualTo("small");
        assertThat(get(store.size(ACME))).isEqualTo(size(1, 6));
    }

    @Test
    void bigValuesWrittenAtOnceAreEachWhole() {
        var random = new Random(11);
        var values = IntStream.range(0, 6)
                .mapToObj(i -> {
                    var bytes = new byte[1_500_000 + random.nextInt(100_000)];
                    random.nextBytes(bytes);
                    return Buffer.buffer(bytes);
                })
                .toList();
        together(24, i -> {
            get(store.put(ACME, "k" + i % 2, values.get(i % 6), WRITE));
            var read = get(store.get(ACME, "k" + i % 2)).orElseThrow().content();
            assertThat(values.contains(read)).isTrue();
        });
        var sum = IntStream.range(0, 2)
                .mapToLong(i ->
                        get(store.get(ACME, "k" + i)).orElseThrow().content().length())
                .sum();
        assertThat(get(store.size(ACME))).isEqualTo(size(2, sum + 4));
    }

    @Test
    void theQuotaOfEntriesIsExact() {
        var most = new Write(ValueStore.ANY, null, new Size(2, 1_000));
        get(store.put(ACME, "a", Buffer.buffer("1"), most));
        get(store.put(ACME, "b", Buffer.buffer("1"), most));
        assertFault(store.put(ACME, "c", Buffer.buffer("1"), most), Fault.Kind.QUOTA)
                .hasMessageContaining("2")
                .hasMessageContaining("3");
        get(store.put(ACME, "b", Buffer.buffer("2"), most));
        get(store.delete(ACME, "a", ValueStore.ANY));
        get(store.put(ACME, "c", Buffer.buffer("1"), most));
        get(store.put(OTHER, "c", Buffer.buffer("1"), most));
        assertThat(names(ACME, "", 9)).containsExactly("b", "c");
    }

    @Test
    protected void theQuotaOfBytesCountsKeysAndValuesAndWhatIsReplacedNoMore() {
        var most = new Write(ValueStore.ANY, null, new Size(9, 10));
        get(store.put(ACME, "é", Buffer.buffer("12345678"), most));
        assertFault(store.put(ACME, "é", Buffer.buffer("123456789"), most), Fault.Kind.QUOTA)
                .hasMessageContaining("10")
                .hasMessageContaining("11");
        assertFault(store.put(ACME, "k", Buffer.buffer(""), most), Fault.Kind.QUOTA);
        get(store.put(ACME, "é", Buffer.buffer("87654321"), most));
        get(store.put(ACME, "é", Buffer.buffer("1234567"), most));
        get(store.put(ACME, "k", Buffer.buffer(""), most));
        assertThat(get(store.size(ACME))).isEqualTo(size(2, 10));
    }

    @Test
    void aConflictIsSaidBeforeAQuota() {
        put(ACME, "k", "v");
        var how = new Write(ValueStore.ABSENT, null, new Size(0, 0));
        assertFault(store.put(ACME, "k", Buffer.buffer("v"), how), Fault.Kind.CONFLICT);
    }

    @Test
    void theQuotaIsExactUnderConcurrency() {
        var entries = new Write(ValueStore.ANY, null, new Size(50, 1 << 20));
        var puts = IntStream.range(0, 200)
                .mapToObj(i -> store.put(ACME, "k" + i % 120, Buffer.buffer("v"), entries))
                .toList();
        get(Future.join(puts).otherwiseEmpty());
        assertThat(get(store.size(ACME)).entries()).isEqualTo(50);
        assertThat(names(ACME, "", 1_000)).hasSize(50);

        var bytes = new Write(ValueStore.ANY, null, new Size(1_000, 1_000 + 10L * overhead()));
        puts = IntStream.range(100, 200)
                .mapToObj(i -> store.put(OTHER, "" + i, Buffer.buffer("x".repeat(97)), bytes))
                .toList();
        get(Future.join(puts).otherwiseEmpty());
        assertThat(puts.stream().filter(Future::succeeded)).hasSize(10);
        assertThat(get(store.size(OTHER))).isEqualTo(size(10, 1_000));
    }

    @Test
    void theSizeFollowsEveryWayAValueComesAndGoes() {
        together(20, i -> {
            var random = new Random(i);
            for (var n = 0; n < 20; n++) {
                var key = "k" + random.nextInt(10);
                switch (random.nextInt(4)) {
                    case 0 -> get(store.delete(ACME, key, ValueStore.ANY));
                    case 1 -> put(ACME, key, "x".repeat(random.nextInt(50)), Duration.ofHours(1));
                    default -> put(ACME, key, "x".repeat(random.nextInt(50)));
                }
            }
        });
        var keys = all(ACME, "", 1_000);
        var bytes =
                keys.stream().mapToLong(key -> key.bytes() + length(key.name())).sum();
        assertThat(get(store.size(ACME))).isEqualTo(size(keys.size(), bytes));
        get(store.sweep(now().plus(Duration.ofHours(2)), 1_000));
        keys = all(ACME, "", 1_000);
        bytes = keys.stream().mapToLong(key -> key.bytes() + length(key.name())).sum();
        assertThat(get(store.size(ACME))).isEqualTo(size(keys.size(), bytes));
    }

    @Test
    void tenantsWhoseNamesBeginAlikeShareNothing() {
        var tenants = List.of(ACME, ACME_ONE, ACME_ONE_ONE, OTHER);
        for (var tenant : tenants) {
            put(tenant, "k", "of " + tenant);
            put(tenant, "1:k", "more of " + tenant, Duration.ofHours(1));
        }
        for (var tenant : tenants) {
            assertThat(names(tenant, "", 1)).containsExactly("1:k", "k");
            assertThat(text(tenant, "k")).isEqualTo("of " + tenant);
            assertThat(get(store.size(tenant)).entries()).isEqualTo(2);
        }
        get(store.drop(ACME));
        get(store.drop(ACME_ONE_ONE));
        assertThat(names(ACME, "", 9)).isEmpty();
        assertThat(get(store.size(ACME))).isEqualTo(size(0, 0));
        assertThat(names(ACME_ONE, "", 9)).containsExactly("1:k", "k");
        assertThat(text(ACME_ONE, "k")).isEqualTo("of acme-1");
        assertThat(get(store.size(OTHER)).entries()).isEqualTo(2);
    }

    @Test
    void aDropForgetsEverythingOfATenantOnly() {
        IntStream.range(0, 300).forEach(i -> put(ACME, "k" + i, "v", Duration.ofHours(1)));
        get(store.put(ACME, "big", Buffer.buffer(new byte[3 << 20]), WRITE));
        var before = version(ACME, "k0");
        put(OTHER, "k", "v", Duration.ofHours(1));
        get(store.drop(ACME));
        get(store.drop(ACME));
        assertThat(get(store.size(ACME))).isEqualTo(size(0, 0));
        assertThat(get(store.get(ACME, "k1"))).isEmpty();
        assertThat(names(ACME, "", 9)).isEmpty();
        assertFault(put("k0", "v", before), Fault.Kind.CONFLICT);
        assertThat(get(store.sweep(now().plus(Duration.ofHours(2)), 1_000))).isEqualTo(1);
        put(ACME, "k1", "again");
        assertThat(get(store.size(ACME))).isEqualTo(size(1, 7));
        assertThat(get(store.get(ACME, "k1")).map(Value::expires)).isEmpty();
    }

    @Test
    void aValueDoesNotPrintItsContent() {
        put(ACME, "k", "hidden");
        assertThat(get(store.get(ACME, "k")).orElseThrow())
                .hasToString("Value[6 bytes, version " + version(ACME, "k") + "]");
    }
}
