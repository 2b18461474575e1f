package smcp.store.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.bus.Fault;
import smcp.contract.BlobStore;
import smcp.contract.BlobStore.Blob;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;
import smcp.contract.BlobStore.Range;
import smcp.contract.BlobStore.Reading;
import smcp.store.BlobBackend;

/** What every store of blobs does. */
public abstract class BlobStoreContract {
    /** Bytes that one store or the other handles in another way than the byte before. */
    private static final int PART = 5 << 20;

    private static final List<String> HOSTILE = List.of(
            ".",
            "..",
            "../../etc/passwd",
            "/",
            "//",
            "a",
            "a/",
            "a//b",
            "a/b",
            "a b",
            "A",
            "a!",
            "a\\b",
            "a?b#c&d=e+f%20",
            "%2e%2e",
            "\"<xml>&amp;",
            "'; DROP TABLE blob; --",
            "*",
            "~",
            "é",
            "e\u0301",
            "\uFFFD",
            "\uE000",
            "😀",
            "\uD800\uDC00",
            "\u2028",
            "x".repeat(BlobStore.LONGEST_NAME),
            "x".repeat(BlobStore.LONGEST_NAME - 1),
            "/".repeat(BlobStore.LONGEST_NAME),
            "😀".repeat(BlobStore.LONGEST_NAME / 4));

    protected Vertx vertx;
    protected BlobBackend backend;
    protected BlobStore store;

    /** Of this test alone: servers are shared. */
    protected final String space = "tenant-" + UUID.randomUUID();

    protected abstract BlobBackend open() throws IOException, TimeoutException;

    @BeforeEach
    void start() throws IOException, TimeoutException {
        vertx = vertx();
        backend = ready();
        store = backend.blobs();
    }

    @AfterEach
    void stop() {
        end();
    }

    protected Vertx vertx() {
        return Vertx.vertx();
    }

    /** One for this test; others may share it. */
    protected BlobBackend ready() throws IOException, TimeoutException {
        return open();
    }

    /** What no other test shares. */
    protected void unshared() throws IOException, TimeoutException {}

    protected void end() {
        get(backend.close());
        get(vertx.close());
    }

    /** The result, within twenty seconds. */
    @CanIgnoreReturnValue
    protected static <T extends @Nullable Object> T get(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within 20 s", e);
        }
    }

    @CanIgnoreReturnValue
    static AbstractThrowableAssert<?, ? extends Throwable> assertFault(Future<?> future, Fault.Kind kind) {
        return assertThatThrownBy(() -> get(future))
                .isInstanceOfSatisfying(
                        Fault.class,
                        fault -> assertThat(fault.kind()).as(fault.message()).isEqualTo(kind));
    }

    BlobKey key(String name) {
        return new BlobKey(space, name);
    }

    static byte[] bytes(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @CanIgnoreReturnValue
    Blob put(String name, byte[] content) {
        return get(put(name, content, Condition.ALWAYS));
    }

    Future<Blob> put(String name, byte[] content, Condition condition) {
        var pieces = (content.length + 9_999) / 10_000;
        var stream = ByteStream.of(
                vertx,
                pieces,
                i -> Buffer.buffer(
                        Arrays.copyOfRange(content, i * 10_000, Math.min(content.length, (i + 1) * 10_000))));
        return store.put(key(name), stream, condition, Long.MAX_VALUE);
    }

    static Future<byte[]> read(Reading reading) {
        var all = Buffer.buffer();
        var done = Promise.<byte[]>promise();
        reading.content()
                .handler(all::appendBuffer)
                .endHandler(_ -> done.complete(all.getBytes()))
                .exceptionHandler(done::fail)
                .resume();
        return done.future();
    }

    Future<byte[]> read(String name, Range range) {
        return store.get(key(name), range).compose(found -> read(found.orElseThrow()));
    }

    byte[] read(String name) {
        return get(read(name, Range.ALL));
    }

    List<String> names(String prefix, int page) {
        var names = new ArrayList<String>();
        String next = null;
        do {
            var found = get(store.list(space, prefix, next, page));
            assertThat(found.blobs()).hasSizeLessThanOrEqualTo(page);
            found.blobs().forEach(blob -> names.add(blob.name()));
            next = found.next();
        } while (next != null);
        return names;
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, (64 << 10) - 1, 64 << 10, (64 << 10) + 1, 200_000, PART - 1, PART, PART + 1, 2 * PART + 1})
    void whatIsPutIsRead(int length) {
        var content = bytes(length);
        var put = put("blob", content);
        assertThat(put.name()).isEqualTo("blob");
        assertThat(put.bytes()).isEqualTo(length);
        var head = get(store.head(key("blob"))).orElseThrow();
        assertThat(head.bytes()).isEqualTo(length);
        assertThat(head.etag()).isEqualTo(put.etag()).isNotEmpty();
        var reading = get(store.get(key("blob"), Range.ALL)).orElseThrow();
        assertThat(reading.blob().bytes()).isEqualTo(length);
        assertThat(reading.blob().etag()).isEqualTo(put.etag());
        assertThat(get(read(reading))).isEqualTo(content);
        assertThat(get(store.list(space, "", null, 10)).blobs()).singleElement().satisfies(listed -> {
            assertThat(listed.bytes()).isEqualTo(length);
            assertThat(listed.etag()).isEqualTo(put.etag());
        });
    }

    @Test
    void whatIsNotThereIsNoFailure() {
        assertThat(get(store.get(key("none"), Range.ALL))).isEmpty();
        assertThat(get(store.get(key("none"), new Range(5, 6)))).isEmpty();
        assertThat(get(store.head(key("none")))).isEmpty();
        assertThat(get(store.delete(key("none")))).isFalse();
        assertThat(get(store.list(space, "", null, 1))).isEqualTo(new BlobStore.Page(List.of(), null));
        get(store.drop(space));
    }

    @Test
    void aBlobIsReplacedAndDeleted() {
        var first = put("blob", bytes(100));
        var second = put("blob", bytes(99));
        assertThat(second.etag()).isNotEqualTo(first.etag());
        assertThat(read("blob")).isEqualTo(bytes(99));
        assertThat(get(store.delete(key("blob")))).isTrue();
        assertThat(get(store.delete(key("blob")))).isFalse();
        assertThat(get(store.head(key("blob")))).isEmpty();
        assertThat(names("", 10)).isEmpty();
    }

    @Test
    void hostileNamesAreNamesLikeOthers() {
        var puts = HOSTILE.stream()
                .map(name -> put(name, name.getBytes(UTF_8), Condition.ABSENT))
                .toList();
        get(Future.join(puts));
        for (var name : HOSTILE) {
            assertThat(read(name)).as(name).isEqualTo(name.getBytes(UTF_8));
        }
        var sorted = HOSTILE.stream().sorted(Utf8::compare).toList();
        assertThat(names("", 7)).containsExactlyElementsOf(sorted);
        assertThat(names("", 1_000)).containsExactlyElementsOf(sorted);
        for (var prefix : List.of("a", "a/", "/", "x", "😀", ".", "é", "zz", "x".repeat(BlobStore.LONGEST_NAME))) {
            assertThat(names(prefix, 3))
                    .as(prefix)
                    .containsExactlyElementsOf(sorted.stream()
                            .filter(name -> name.startsWith(prefix))
                            .toList());
        }
        assertThat(get(store.delete(key("a/")))).isTrue();
        assertThat(names("a", 10)).doesNotContain("a/").contains("a", "a/b");
    }

    @Test
    void whatCannotBeANameIsRefused() {
        var wrong = List.of(
                "",
                "a\0b",
                "a\nb",
                "\u0085",
                "\u007f",
                "\uD800",
                "\uDC00x",
                "x".repeat(BlobStore.LONGEST_NAME + 1),
                "é".repeat(BlobStore.LONGEST_NAME / 2 + 1));
        for (var name : wrong) {
            assertFault(put(name, bytes(1), Condition.ALWAYS), Fault.Kind.INVALID_INPUT)
                    .hasMessageContaining("blob name");
            assertFault(store.get(key(name), Range.ALL), Fault.Kind.INVALID_INPUT);
            assertFault(store.head(key(name)), Fault.Kind.INVALID_INPUT);
            assertFault(store.delete(key(name)), Fault.Kind.INVALID_INPUT);
        }
        for (var other : List.of("", "..", "a/b", "Tenant", "x".repeat(100))) {
            assertFault(store.head(new BlobKey(other, "a")), Fault.Kind.INVALID_INPUT)
                    .hasMessageContaining("space");
            assertFault(store.drop(other), Fault.Kind.INVALID_INPUT);
        }
        assertFault(store.list(space, "\0", null, 1), Fault.Kind.INVALID_INPUT).hasMessageContaining("prefix");
        assertFault(store.list(space, "", "\0", 1), Fault.Kind.INVALID_INPUT).hasMessageContaining("cursor");
        assertFault(store.list(space, "", null, 0), Fault.Kind.INVALID_INPUT).hasMessageContaining("1 to 1000, got 0");
        assertFault(store.list(space, "", null, 1_001), Fault.Kind.INVALID_INPUT);
    }

    @Test
    void rangesAreExactAtTheirEdges() {
        var content = bytes(200_000);
        put("blob", content);
        put("empty", bytes(0));
        var block = 64L << 10;
        var edges = new long[][] {
            {0, 1},
            {0, block},
            {0, 200_000},
            {0, 200_001},
            {1, 2},
            {block - 1, block + 1},
            {block, 2 * block},
            {block + 1, 3 * block},
            {199_999, 200_000},
            {199_999, Long.MAX_VALUE},
            {5, Long.MAX_VALUE}
        };
        for (var edge : edges) {
            var to = (int) Math.min(edge[1], content.length);
            assertThat(get(read("blob", new Range(edge[0], edge[1]))))
                    .as(Arrays.toString(edge))
                    .isEqualTo(Arrays.copyOfRange(content, (int) edge[0], to));
        }
        assertThat(get(store.get(key("blob"), new Range(7, 9)))
                        .orElseThrow()
                        .blob()
                        .bytes())
                .isEqualTo(200_000);
        assertFault(store.get(key("blob"), new Range(200_000, 200_001)), Fault.Kind.INVALID_INPUT)
                .hasMessageContaining("200000 bytes");
        assertFault(store.get(key("blob"), new Range(1 << 30, 1L << 40)), Fault.Kind.INVALID_INPUT);
        assertThat(get(read("empty", new Range(0, 10)))).isEmpty();
        assertFault(store.get(key("empty"), new Range(1, 10)), Fault.Kind.INVALID_INPUT);
    }

    @Test
    void aBigBlobIsStreamedBothWaysAndNeverInMemoryWhole() {
        var mebi = 1 << 20;
        var count = 40;
        var before = used();
        var most = new AtomicLong();
        var stream = ByteStream.of(vertx, count, i -> {
            if (i == 19 || i == 38) {
                var _ = most.accumulateAndGet(used(), Math::max);
            }
            return Buffer.buffer(bytes(mebi));
        });
        var put = get(store.put(key("big"), stream, Condition.ALWAYS, (long) count * mebi));
        assertThat(put.bytes()).isEqualTo((long) count * mebi);

        var seen = new AtomicLong();
        var wrong = new AtomicBoolean();
        var expected = bytes(mebi);
        var done = Promise.<Void>promise();
        var content = get(store.get(key("big"), Range.ALL)).orElseThrow().content();
        content.handler(buffer -> {
                    for (var i = 0; i < buffer.length(); i++) {
                        if (buffer.getByte(i) != expected[(int) ((seen.get() + i) % mebi)]) {
                            wrong.set(true);
                        }
                    }
                    if (seen.getAndAdd(buffer.length()) < 30L * mebi && seen.get() >= 30L * mebi) {
                        content.pause();
                        vertx.setTimer(200, _ -> {
                            var _ = most.accumulateAndGet(used(), Math::max);
                            content.resume();
                        });
                    }
                })
                .exceptionHandler(done::fail)
                .endHandler(_ -> done.complete())
                .resume();
        get(done.future());
        assertThat(seen.get()).isEqualTo((long) count * mebi);
        assertThat(wrong).isFalse();
        assertThat(most.get() - before).as("bytes held in between").isLessThan(24L * mebi);
    }

    /** Bytes of the heap that are reachable. */
    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void aSlowProducerIsWaitedFor() {
        var stream =
                ByteStream.of(vertx, 20, i -> Buffer.buffer(bytes(100 + i))).slow(10);
        var put = get(store.put(key("slow"), stream, Condition.ALWAYS, 1 << 20));
        assertThat(put.bytes()).isEqualTo(IntStream.range(100, 120).sum());
        assertThat(read("slow")).hasSize((int) put.bytes());
    }

    @Test
    void aSlowConsumerGetsNoMoreThanItAskedFor() {
        var content = bytes(1 << 20);
        put("blob", content);
        var all = Buffer.buffer();
        var asked = new AtomicInteger();
        var got = new AtomicInteger();
        var done = Promise.<Void>promise();
        var stream = get(store.get(key("blob"), Range.ALL)).orElseThrow().content();
        stream.handler(buffer -> {
                    if (got.incrementAndGet() > asked.get()) {
                        done.tryFail("a buffer came that nobody had asked for");
                    }
                    all.appendBuffer(buffer);
                    var _ = vertx.setTimer(1, _ -> {
                        asked.incrementAndGet();
                        stream.fetch(1);
                    });
                })
                .exceptionHandler(done::fail)
                .endHandler(_ -> done.complete());
        asked.incrementAndGet();
        stream.fetch(1);
        get(done.future());
        assertThat(all.getBytes()).isEqualTo(content);
    }

    @Test
    void aProducerIsNotAskedForMoreThanTheStoreCanTake() {
        var stream = ByteStream.of(vertx, 1_000, _ -> Buffer.buffer(bytes(1_000)));
        var answer = store.put(key("blob"), stream, Condition.ALWAYS, 10_000);
        assertFault(answer, Fault.Kind.QUOTA).hasMessageContaining("10000 bytes");
        assertThat(stream.made()).isLessThan(20);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 70_000, PART + 70_000})
    void aFailingProducerLeavesNothingBehind(int length) {
        var old = put("there", bytes(10));
        for (var name : List.of("there", "new")) {
            var stream = ByteStream.of(vertx, length == 0 ? 0 : 1, _ -> Buffer.buffer(bytes(length)))
                    .failing(new IOException("the client has gone"));
            assertThatThrownBy(() -> get(store.put(key(name), stream, Condition.ALWAYS, Long.MAX_VALUE)))
                    .hasMessageContaining("the client has gone");
        }
        assertThat(get(store.head(key("there"))).orElseThrow().etag()).isEqualTo(old.etag());
        assertThat(read("there")).isEqualTo(bytes(10));
        assertThat(get(store.head(key("new")))).isEmpty();
        assertThat(names("", 10)).containsExactly("there");
    }

    @Test
    void aBlobThatIsTooLongLeavesNothingBehind() {
        for (var length : new int[] {101, PART + 1}) {
            var stream = ByteStream.of(vertx, bytes(length));
            assertFault(store.put(key("blob"), stream, Condition.ALWAYS, length - 1), Fault.Kind.QUOTA);
            assertThat(get(store.head(key("blob")))).isEmpty();
        }
        var stream = ByteStream.of(vertx, bytes(100));
        assertThat(get(store.put(key("blob"), stream, Condition.ALWAYS, 100)).bytes())
                .isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, PART + 1_000})
    void theFirstOfAName(int length) {
        get(put("blob", bytes(length), Condition.ABSENT));
        assertFault(put("blob", bytes(length + 1), Condition.ABSENT), Fault.Kind.CONFLICT)
                .hasMessageContaining("exists already");
        assertThat(read("blob")).isEqualTo(bytes(length));
        get(store.delete(key("blob")));
        get(put("blob", bytes(length), Condition.ABSENT));
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, PART + 1_000})
    void inThePlaceOfOneContent(int length) {
        var nothing = new Condition.Matches("0123456789abcdef0123456789abcdef");
        assertFault(put("blob", bytes(length), nothing), Fault.Kind.CONFLICT);
        var first = put("blob", bytes(length));
        assertFault(put("blob", bytes(length + 1), nothing), Fault.Kind.CONFLICT);
        assertThat(read("blob")).isEqualTo(bytes(length));
        var second = get(put("blob", bytes(length + 2), new Condition.Matches(first.etag())));
        assertFault(put("blob", bytes(length + 3), new Condition.Matches(first.etag())), Fault.Kind.CONFLICT);
        assertThat(get(store.head(key("blob"))).orElseThrow().etag()).isEqualTo(second.etag());
        get(store.delete(key("blob")));
        assertFault(put("blob", bytes(length), new Condition.Matches(first.etag())), Fault.Kind.CONFLICT);
    }

    @Test
    void ofManyWhoWantTheSameExactlyOneWins() {
        for (var round = 0; round < 5; round++) {
            var name = "blob" + round;
            var winner = onlyWinner(IntStream.range(0, 8)
                    .mapToObj(i -> put(name, bytes(1_000 + i), Condition.ABSENT))
                    .toList());
            assertThat(read(name)).hasSize((int) winner.bytes());
            var next = onlyWinner(IntStream.range(0, 8)
                    .mapToObj(i -> put(name, bytes(2_000 + i), new Condition.Matches(winner.etag())))
                    .toList());
            assertThat(read(name)).isEqualTo(bytes((int) next.bytes()));
        }
    }

    private static Blob onlyWinner(List<Future<Blob>> puts) {
        var won = new ArrayList<Blob>();
        for (var put : puts) {
            var outcome = get(put.map(Optional::of).recover(cause -> {
                assertThat(Fault.from(cause).kind()).as(cause.toString()).isEqualTo(Fault.Kind.CONFLICT);
                return Future.succeededFuture(Optional.empty());
            }));
            outcome.ifPresent(won::add);
        }
        assertThat(won).hasSize(1);
        return won.getFirst();
    }

    @Test
    void manyWritersOfOneNameLeaveOneWholeBlob() {
        var puts = IntStream.range(0, 10)
                .mapToObj(i -> put("blob", bytes(70_000 + i), Condition.ALWAYS))
                .toList();
        get(Future.join(puts));
        var content = read("blob");
        assertThat(content).isEqualTo(bytes(content.length));
        assertThat(names("", 10)).containsExactly("blob");
    }

    @Test
    void listsAreInOrderAndGoOnWhereTheyStopped() {
        var all = new ArrayList<String>();
        for (var i = 0; i < 25; i++) {
            all.add("n/" + (char) ('a' + i % 5) + "/" + i);
        }
        all.add("m");
        all.add("n");
        all.add("o");
        get(Future.join(
                all.stream().map(name -> put(name, bytes(1), Condition.ALWAYS)).toList()));
        all.sort(Utf8::compare);
        for (var page : new int[] {3, 27, 28, 29}) {
            assertThat(names("", page)).containsExactlyElementsOf(all);
        }
        assertThat(names("n/c", 2)).hasSize(5).allMatch(name -> name.startsWith("n/c/"));
        var first = get(store.list(space, "n/", null, 3));
        get(store.delete(key(first.blobs().getLast().name())));
        put("n/a/0+", bytes(1));
        assertThat(get(store.list(space, "n/", first.next(), 100)).blobs()).hasSize(22);
        assertThat(get(store.list(space, "n", "zzz", 100)).blobs()).isEmpty();
        assertThat(get(store.list(space, "n/", "a", 100)).blobs()).hasSize(25);
    }

    @Test
    void aSpaceIsDroppedAndNoOther() {
        for (var i = 0; i < 20; i++) {
            put("n" + i, bytes(10));
        }
        var other = new BlobKey(space + "-2", "n1");
        get(store.put(other, ByteStream.of(vertx, bytes(5)), Condition.ALWAYS, 10));
        assertThat(get(store.list(other.space(), "", null, 10)).blobs()).hasSize(1);
        get(store.drop(space));
        get(store.drop(space));
        assertThat(names("", 10)).isEmpty();
        assertThat(get(store.head(key("n1")))).isEmpty();
        assertThat(get(store.head(other))).isPresent();
        put("n1", bytes(1));
        assertThat(names("", 10)).containsExactly("n1");
    }

    @Test
    void whoStopsReadingHoldsNothing() {
        put("blob", bytes(300_000));
        for (var i = 0; i < 100; i++) {
            var reading = get(store.get(key("blob"), Range.ALL)).orElseThrow();
            if (i % 2 == 0) {
                reading.content().handler(_ -> reading.cancel().run()).resume();
            } else {
                reading.cancel().run();
            }
        }
        assertThat(read("blob")).hasSize(300_000);
    }

    @Test
    void aClosedStoreSaysSo() throws IOException, TimeoutException {
        unshared();
        put("blob", bytes(300_000));
        var reading = get(store.get(key("blob"), Range.ALL)).orElseThrow();
        var broken = Promise.<Void>promise();
        var _ = reading.content().exceptionHandler(broken::fail);
        get(backend.close());
        assertFault(broken.future(), Fault.Kind.STORE_UNAVAILABLE).hasMessageContaining("closed");
        assertFault(store.get(key("blob"), Range.ALL), Fault.Kind.STORE_UNAVAILABLE);
        assertFault(put("blob", bytes(1), Condition.ALWAYS), Fault.Kind.STORE_UNAVAILABLE);
    }
}
