package smcp.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.get;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.BlobStore.Blob;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Range;
import smcp.contract.BlobStore.Reading;
import smcp.contract.Member;
import smcp.contract.PeerBlobs;
import smcp.contract.TenantCall;
import smcp.store.blob.ByteStream;
import smcp.tenant.TenantId;
import smcp.testing.TcpProxy;

/** Packages on real connections between two Vert.x. */
class PeerFetchTest {
    private static final PeerConfig CONFIG = new PeerConfig(
            "127.0.0.1",
            0,
            1,
            null,
            2,
            Duration.ofSeconds(1),
            Duration.ofMillis(100),
            Duration.ofMillis(600),
            Duration.ofMillis(100),
            1 << 20,
            1 << 20);
    private static final BlobKey KEY = new BlobKey(BlobKey.PACKAGES, "0123456789abcdef".repeat(4));
    private static final int PIECE = 64 << 10;
    private static final int PIECES = 256;
    private static final Instant STORED = Instant.ofEpochMilli(1_785_000_000_123L);

    private final Vertx near = Vertx.vertx();
    private final Vertx far = Vertx.vertx();
    private final AtomicInteger cancelled = new AtomicInteger();
    private volatile PeerBlobs.Source source = key -> Future.succeededFuture(Optional.of(package16M(key)));
    private volatile ByteStream sending = ByteStream.of(far, new byte[0]);
    private PeerServer server;
    private PeerLinks links;

    @BeforeEach
    void twoNodes() {
        server = get(PeerServer.listen(
                far, CONFIG, "run-1", (_, _) -> TenantCall.Running.ENDED, _ -> (_, _) -> {}, key -> source.read(key)));
        links = PeerLinks.open(near, CONFIG, List.of());
    }

    @AfterEach
    void close() {
        get(Future.join(near.close(), far.close()));
    }

    private Reading package16M(BlobKey key) {
        return reading(key, (long) PIECE * PIECES, ByteStream.of(far, PIECES, PeerFetchTest::piece));
    }

    private Reading reading(BlobKey key, long bytes, ByteStream content) {
        sending = content;
        var blob = new Blob(key.name(), bytes, "e1", "ab".repeat(32), STORED);
        return new Reading(blob, Range.ALL, content, cancelled::incrementAndGet);
    }

    private static Buffer piece(int number) {
        return Buffer.buffer(PIECE).appendInt(number).appendBytes(new byte[PIECE - Integer.BYTES]);
    }

    private static Member member(int port) {
        return new Member("00000000000000aa", "run-1", "far", "local", "a", "127.0.0.1", port, "1");
    }

    private Member linked(int port) {
        var member = member(port);
        links.joined(member);
        await().until(() -> links.roundTripNanos(member).isPresent());
        return member;
    }

    private Member linked() {
        return linked(server.port());
    }

    private Reading fetched(Member member) {
        return get(links.fetch(member, KEY)).orElseThrow();
    }

    private static Future<Long> whole(Reading reading) {
        var done = Promise.<Long>promise();
        var length = new long[1];
        reading.content()
                .handler(buffer -> length[0] += buffer.length())
                .exceptionHandler(done::fail)
                .endHandler(_ -> done.complete(length[0]))
                .resume();
        return done.future();
    }

    @Test
    void aBigPackageArrivesWholeAndIsWhatTheOtherNodeSaysItIs() {
        var reading = fetched(linked());
        assertThat(reading.blob())
                .isEqualTo(new Blob(KEY.name(), (long) PIECE * PIECES, "e1", "ab".repeat(32), STORED));
        var all = Buffer.buffer();
        var done = Promise.<Void>promise();
        reading.content()
                .handler(buffer -> {
                    all.appendBuffer(buffer);
                    reading.content().fetch(1);
                })
                .exceptionHandler(done::fail)
                .endHandler(_ -> done.complete())
                .fetch(1);
        get(done.future());
        assertThat(all.length()).isEqualTo(PIECE * PIECES);
        for (var at = 0; at < all.length(); at += PIECE) {
            assertThat(all.getInt(at)).isEqualTo(at / PIECE);
        }
        await().until(() -> cancelled.get() > 0);
    }

    @Test
    void anEmptyOneArrivesToo() {
        source = key -> Future.succeededFuture(Optional.of(reading(key, 0, ByteStream.of(far, new byte[0]))));
        assertThat(get(whole(fetched(linked())))).isZero();
    }

    @Test
    void aReaderThatStandsStillSlowsTheOtherNodeAndNoOtherStream() {
        var member = linked();
        var still = fetched(member);
        var slow = sending;
        // what stands still holds its window, and what the other node's side of the stream takes beside it
        await().during(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(slow.made()).isLessThan(PIECES / 8));
        assertThat(get(whole(fetched(member)))).isEqualTo((long) PIECE * PIECES);
        assertThat(slow.made()).isLessThan(PIECES / 8);
        assertThat(get(whole(still))).isEqualTo((long) PIECE * PIECES);
    }

    @Test
    void aCutLinkFailsWhatIsOnItsWayAtOnce() {
        try (var proxy = TcpProxy.to(server.port())) {
            var member = linked(proxy.port());
            var reading = fetched(member);
            var failed = Promise.<Void>promise();
            reading.content().exceptionHandler(failed::fail).handler(_ -> {}).fetch(1);
            var cut = System.nanoTime();
            proxy.refuse();
            assertFault(failed.future(), Kind.NODE_LOST).hasMessageContaining("node far did not send a package");
            assertThat(Duration.ofNanos(System.nanoTime() - cut)).isLessThan(Duration.ofSeconds(2));
            await().until(() -> cancelled.get() == 1);
            await().untilAsserted(() -> assertFault(links.fetch(member, KEY), Kind.NODE_UNREACHABLE));
        }
    }

    @Test
    void aNodeThatHangsOrIsRemovedFailsItToo() {
        try (var proxy = TcpProxy.to(server.port())) {
            var member = linked(proxy.port());
            var hung = whole(hangs(member, proxy));
            assertFault(hung, Kind.NODE_LOST);
            proxy.flow();
            await().until(() -> links.roundTripNanos(member).isPresent());
            var reading = fetched(member);
            links.lost(member);
            assertFault(whole(reading), Kind.NODE_LOST).hasMessageContaining("removed from the cluster");
            assertFault(links.fetch(member, KEY), Kind.NODE_UNREACHABLE);
        }
    }

    private Reading hangs(Member member, TcpProxy proxy) {
        var reading = fetched(member);
        proxy.stall();
        return reading;
    }

    @Test
    void whatIsNotThereIsNoFailureAndWhatFailsThereIsOne() {
        var member = linked();
        source = PeerBlobs.Source.NONE;
        assertThat(get(links.fetch(member, KEY))).isEmpty();
        source = _ -> Future.failedFuture(new Fault(Kind.STORE_DAMAGED, "its header is wrong"));
        assertFault(links.fetch(member, KEY), Kind.NODE_UNREACHABLE).hasMessageContaining("its header is wrong");
        source = _ -> {
            throw new IllegalStateException("a defect");
        };
        assertFault(links.fetch(member, KEY), Kind.NODE_UNREACHABLE);
    }

    @Test
    void aPackageThatBreaksOffThereFails() {
        var member = linked();
        source = key -> Future.succeededFuture(Optional.of(reading(
                key,
                (long) PIECE * 4,
                ByteStream.of(far, 2, PeerFetchTest::piece).failing(new IOException("damaged")))));
        assertFault(whole(fetched(member)), Kind.NODE_LOST);
        // or ends before what it announced, or never
        source = key -> Future.succeededFuture(
                Optional.of(reading(key, (long) PIECE * 4, ByteStream.of(far, 2, PeerFetchTest::piece))));
        assertFault(whole(fetched(member)), Kind.NODE_LOST);
        source = key ->
                Future.succeededFuture(Optional.of(reading(key, 10, ByteStream.of(far, 2, PeerFetchTest::piece))));
        assertFault(links.fetch(member, KEY).compose(found -> whole(found.orElseThrow())), Kind.NODE_LOST);
    }

    @Test
    void whatIsTooLongIsNotBegun() {
        var member = linked();
        source = key -> Future.succeededFuture(
                Optional.of(reading(key, PeerBlobs.LONGEST + 1, ByteStream.of(far, 2, PeerFetchTest::piece))));
        assertFault(links.fetch(member, KEY), Kind.NODE_LOST).hasMessageContaining(String.valueOf(PeerBlobs.LONGEST));
        await().until(() -> cancelled.get() == 1);
    }

    @Test
    void whoDoesNotWantTheRestEndsTheReadingThere() {
        var reading = fetched(linked());
        reading.cancel().run();
        await().until(() -> cancelled.get() == 1);
    }

    @Test
    void onlyPackagesAreAskedFor() {
        var member = linked();
        for (var key : List.of(
                BlobKey.of(new TenantId("acme"), KEY.name()),
                new BlobKey(BlobKey.PACKAGES, "x"),
                new BlobKey(BlobKey.PACKAGES, KEY.name().toUpperCase(Locale.ROOT)),
                new BlobKey(BlobKey.PACKAGES, "../" + KEY.name()))) {
            assertFault(links.fetch(member, key), Kind.INVALID_INPUT);
        }
    }

    /** Whatever another node says. */
    @Test
    void onlyPackagesAreGiven() {
        var asked = new AtomicInteger();
        source = key -> {
            asked.incrementAndGet();
            return Future.succeededFuture(Optional.of(package16M(key)));
        };
        for (var path : List.of(
                "/packages/",
                "/packages/x",
                "/packages/" + KEY.name() + "0",
                "/packages/" + KEY.name() + "/",
                "/packages/../packages/" + KEY.name(),
                "/packages/%30" + KEY.name().substring(1),
                "/tenant-acme/" + KEY.name(),
                "/packages/tenant-acme/" + KEY.name())) {
            assertThat(status(HttpMethod.GET, path, "1")).as(path).isEqualTo(404);
        }
        assertThat(status(HttpMethod.DELETE, "/packages/" + KEY.name(), "1")).isEqualTo(404);
        assertThat(status(HttpMethod.GET, "/packages/" + KEY.name(), "9")).isEqualTo(505);
        assertThat(asked).hasValue(0);
        assertThat(status(HttpMethod.GET, "/packages/" + KEY.name(), "1")).isEqualTo(200);
    }

    private int status(HttpMethod method, String path, String version) {
        var client = near.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
        var options = new RequestOptions()
                .setMethod(method)
                .setHost("127.0.0.1")
                .setPort(server.port())
                .setURI(path)
                .putHeader(Wire.VERSION, version);
        var status =
                get(client.request(options).compose(request -> request.send())).statusCode();
        get(client.close());
        return status;
    }
}
