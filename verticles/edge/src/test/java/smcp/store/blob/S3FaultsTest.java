package smcp.store.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static smcp.store.blob.BlobStoreContract.assertFault;
import static smcp.store.blob.BlobStoreContract.bytes;
import static smcp.store.blob.BlobStoreContract.get;
import static smcp.store.blob.BlobStoreContract.read;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.bus.Fault;
import smcp.contract.BlobStore;
import smcp.contract.BlobStore.Blob;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;
import smcp.contract.BlobStore.Range;
import smcp.store.BlobBackend;
import smcp.store.blob.FaultProxy.Move;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;

class S3FaultsTest {
    private static final int PART = 5 << 20;

    @TempDir
    Path folder;

    private final BlobKey key = new BlobKey("tenant-" + UUID.randomUUID(), "blob");
    private Vertx vertx;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws TimeoutException {
        vertx = Vertx.vertx();
        proxy = FaultProxy.start(vertx, S3Server.port());
    }

    @AfterEach
    void stop() {
        get(vertx.close());
    }

    private Future<BlobBackend> open(String url, String bucket) {
        return open(url, bucket, S3Setup.PATIENT);
    }

    private Future<BlobBackend> open(String url, String bucket, Duration attempt) {
        try {
            var config = S3Setup.config(url, folder, bucket, attempt);
            return Blobs.open(vertx, new BlobConfig(BlobConfig.Kind.S3, FilesConfig.DEFAULT, config), folder);
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
    }

    /** Through the proxy; closed with Vert.x, whose end it does not outlive. */
    private BlobStore store() {
        return get(open(proxy.url(), S3Server.BUCKET)).blobs();
    }

    /** One that does not wait long. */
    private BlobStore impatient() {
        return get(open(proxy.url(), S3Server.BUCKET, S3Setup.IMPATIENT)).blobs();
    }

    private Future<Blob> put(BlobStore store, int length, Condition condition) {
        return store.put(key, ByteStream.of(vertx, bytes(length)), condition, Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403|InvalidAccessKeyId||does not accept the credentials (InvalidAccessKeyId)",
                "403|SignatureDoesNotMatch||check blobs.s3.credentialsFile",
                "403|AccessDenied||policy must allow s3:ListBucket",
                "404|NoSuchBucket||the bucket does not exist",
                "301|PermanentRedirect|x-amz-bucket-region: eu-west-3|not in region us-east-1, it is in eu-west-3",
                "400|AuthorizationHeaderMalformed||correct blobs.s3.region",
                "403|RequestTimeTooSkewed||clock differs",
                "503|SlowDown||overloaded (503)",
                "500|InternalError||failed (500 InternalError)",
                "418|<script>||refused (418 418)"
            })
    void whatTheServerRefusesIsSaidWhenTheNodeStarts(int status, String code, String header, String words) {
        proxy.plays(_ -> new Move.Answer(status, code, header == null ? "" : header + "\r\n"));
        assertFault(open(proxy.url(), "blobs"), Fault.Kind.STORE_UNAVAILABLE)
                .hasMessageContainingAll("S3 bucket \"blobs\"", "ListBucket", words)
                .hasMessageNotContainingAny(S3Setup.SECRET, S3Setup.ACCESS_KEY);
        assertThat(proxy.requests()).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void aMissingBucketAndAMissingServerAreSaid() {
        assertFault(open(proxy.url(), "no-such-bucket"), Fault.Kind.STORE_UNAVAILABLE)
                .hasMessageContainingAll("no-such-bucket", "does not exist: create it");
        assertFault(open("http://127.0.0.1:1", "blobs"), Fault.Kind.STORE_UNAVAILABLE)
                .hasMessageContaining("no connection to the server");
        var began = System.nanoTime();
        assertFault(open("http://nowhere.invalid", "blobs"), Fault.Kind.STORE_UNAVAILABLE)
                .hasMessageContaining("cannot be resolved");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(S3Setup.PATIENT);
    }

    @Test
    void ofAnAttemptThatWasLostAfterRefusedOnesTheRefusalIsSaid() {
        var lost = ApiCallAttemptTimeoutException.create(8000);
        var faults = new S3Faults("blobs", null, "eu-west-3", _ -> {});
        assertThat(faults.words("ListBucket", lost)).hasMessageContaining("no answer in time");
        lost.addSuppressed(SdkClientException.create(
                "Request attempt 1 failure: Unable to execute HTTP request: Connection refused: /127.0.0.1:1"));
        assertThat(faults.words("ListBucket", lost)).hasMessageContaining("no connection to the server");
    }

    @Test
    void credentialsThatAreNotThereAreSaid() throws IOException {
        var good = S3Setup.config(proxy.url(), folder);
        for (var profile : new String[] {"tests", "nobody"}) {
            var file = profile.equals("tests") ? folder.resolve("none") : good.credentialsFile();
            var config = new S3Config(
                    good.bucket(),
                    good.region(),
                    good.endpoint(),
                    true,
                    good.prefix(),
                    file,
                    profile,
                    PART,
                    8,
                    1,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofDays(1),
                    Duration.ofSeconds(1));
            assertFault(
                            Blobs.open(vertx, new BlobConfig(BlobConfig.Kind.S3, FilesConfig.DEFAULT, config), folder),
                            Fault.Kind.STORE_UNAVAILABLE)
                    .hasMessageContaining("credentialsFile");
        }
    }

    @Test
    void aBucketThatCannotBeWrittenIsSaidWhenTheNodeStarts() {
        proxy.plays(
                head -> head.startsWith("PUT ") ? new Move.Answer(403, "AccessDenied", "") : FaultProxy.mended(head));
        assertFault(open(proxy.url(), S3Server.BUCKET), Fault.Kind.STORE_UNAVAILABLE)
                .hasMessageContaining("must allow s3:PutObject");
    }

    @Test
    void aShortStormIsOutlivedAndALongOneSaid() {
        var store = store();
        var left = new AtomicInteger(2);
        proxy.plays(
                head -> left.getAndDecrement() > 0 ? new Move.Answer(503, "SlowDown", "") : FaultProxy.mended(head));
        assertThat(get(put(store, 1_000, Condition.ABSENT)).bytes()).isEqualTo(1_000);

        proxy.plays(_ -> new Move.Answer(503, "SlowDown", ""));
        assertFault(put(store, 2_000, Condition.ALWAYS), Fault.Kind.STORE_UNAVAILABLE)
                .hasMessageContainingAll("PutObject", "overloaded (503)");
        assertThat(proxy.requests().stream().filter(line -> line.startsWith("PUT ")))
                .hasSize(3);
        assertFault(store.get(key, Range.ALL), Fault.Kind.STORE_UNAVAILABLE);
        proxy.plays(FaultProxy::mended);
        assertThat(get(store.head(key)).orElseThrow().bytes()).isEqualTo(1_000);
    }

    @Test
    void aServerThatDoesNotAnswerCostsABoundedTime() {
        var store = impatient();
        proxy.plays(_ -> new Move.Stall());
        var began = System.nanoTime();
        assertFault(store.head(key), Fault.Kind.STORE_UNAVAILABLE).hasMessageContaining("no answer in time");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void aServerThatIsAwayAtTheStartIsAskedAgainAndAMistakeIsNot() throws IOException {
        var config = S3Setup.config(proxy.url(), folder, S3Server.BUCKET, S3Setup.IMPATIENT);
        var s3 = new BlobConfig(BlobConfig.Kind.S3, FilesConfig.DEFAULT, config);
        proxy.plays(_ -> new Move.Answer(403, "AccessDenied", ""));
        assertFault(Blobs.open(vertx, s3, folder, Blobs.Start.MAY_BE_AWAY), Fault.Kind.STORE_UNAVAILABLE)
                .hasMessageContaining("must allow s3:ListBucket");
        proxy.plays(_ -> new Move.Answer(503, "SlowDown", ""));
        assertFault(Blobs.open(vertx, s3, folder), Fault.Kind.STORE_UNAVAILABLE);
        proxy.plays(_ -> new Move.Refuse());
        var cut = get(Blobs.open(vertx, s3, folder, Blobs.Start.MAY_BE_AWAY));
        assertFault(cut.blobs().head(key), Fault.Kind.STORE_UNAVAILABLE)
                .hasMessage("blobs in S3, GetObject: the connection was cut at every attempt: come back later");
        get(cut.close());
        proxy.plays(_ -> new Move.Answer(503, "SlowDown", ""));
        var backend = get(Blobs.open(vertx, s3, folder, Blobs.Start.MAY_BE_AWAY));
        assertThat(backend.health()).allSatisfy(way -> assertThat(way.trouble()).isNotNull());
        var store = backend.blobs();
        assertFault(store.get(key, Range.ALL), Fault.Kind.STORE_UNAVAILABLE).hasMessageContaining("overloaded");
        proxy.plays(FaultProxy::mended);
        get(put(store, 10, Condition.ALWAYS));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertFault(put(store, 10, Condition.ABSENT), Fault.Kind.CONFLICT));
        assertThat(backend.health()).allSatisfy(way -> assertThat(way.trouble()).isNull());
    }

    @Test
    void whatKilledNodesLeftUnfinishedIsRemovedByItsAge() throws IOException {
        var calls = new S3Calls(vertx, S3Setup.config(S3Server.url(), folder), _ -> {});
        var prefix = "sweep-" + UUID.randomUUID();
        for (var at : List.of(prefix + "/space/a!", prefix + "/space/b!", prefix + "x/space/c!")) {
            get(calls.call(
                    "CreateMultipartUpload",
                    s3 -> s3.createMultipartUpload(
                            begin -> begin.bucket(S3Server.BUCKET).key(at))));
        }
        get(calls.call(
                "PutObject",
                s3 -> s3.putObject(
                        request -> request.bucket(S3Server.BUCKET).key(prefix + "/probe/left"),
                        AsyncRequestBody.fromString("smcp"))));
        var sweep = new S3Sweep(calls, S3Server.BUCKET, prefix);
        assertThat(get(sweep.run(Instant.now().minusSeconds(3_600)))).isZero();
        assertThat(get(sweep.run(Instant.now().plusSeconds(3_600)))).isEqualTo(2);
        assertThat(get(sweep.run(Instant.now().plusSeconds(3_600)))).isZero();
        var left = get(calls.call(
                "ListBucket",
                s3 -> s3.listObjectsV2(list -> list.bucket(S3Server.BUCKET).prefix(prefix))));
        assertThat(left.contents()).isEmpty();
        get(calls.close());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBodyThatBreaksOffIsReadOnWhereItBroke(boolean cut) {
        var store = cut ? store() : impatient();
        get(put(store, 3_000_000, Condition.ALWAYS));
        var breaks = new AtomicInteger(cut ? 2 : 1);
        proxy.plays(head -> {
            if (!head.startsWith("GET ") || breaks.getAndDecrement() <= 0) {
                return Move.PASS;
            }
            return cut ? new Move.CutAnswer(500_000) : new Move.HoldAnswer(500_000);
        });
        var content = get(store.get(key, Range.ALL).compose(found -> read(found.orElseThrow())));
        assertThat(content).isEqualTo(bytes(3_000_000));
        assertThat(proxy.requests()).hasSize(cut ? 3 : 2);
    }

    @Test
    void aBodyThatIsAlwaysCutFailsAndNeverEnds() {
        var store = store();
        get(put(store, 3_000_000, Condition.ALWAYS));
        proxy.plays(head -> head.startsWith("GET ") ? new Move.CutAnswer(300) : FaultProxy.mended(head));
        assertFault(store.get(key, Range.ALL).compose(found -> read(found.orElseThrow())), Fault.Kind.STORE_UNAVAILABLE)
                .hasMessageContaining("GetObject");
        assertThat(proxy.requests()).hasSizeLessThanOrEqualTo(12);
    }

    @Test
    void aBlobThatIsReplacedWhileItsConnectionBreaksIsNotMixed() {
        var store = store();
        get(put(store, 3_000_000, Condition.ALWAYS));
        proxy.plays(head -> head.startsWith("GET ") && proxy.requests().size() == 1
                ? new Move.CutAnswer(500_000)
                : FaultProxy.mended(head));
        var reading = get(store.get(key, Range.ALL)).orElseThrow();
        get(put(store, 3_000_001, Condition.ALWAYS));
        assertFault(read(reading), Fault.Kind.CONFLICT).hasMessageContaining("replaced or deleted while");
    }

    @ParameterizedTest
    @ValueSource(strings = {"partNumber=2", "uploads", "uploadId="})
    void anUploadThatBreaksLeavesNothingBehind(String where) {
        var store = store();
        get(put(store, 10, Condition.ALWAYS));
        proxy.plays(head -> !head.startsWith("DELETE ")
                        && head.lines().findFirst().orElse("").contains(where)
                ? new Move.Refuse()
                : FaultProxy.mended(head));
        assertFault(put(store, 2 * PART + 1, Condition.ALWAYS), Fault.Kind.STORE_UNAVAILABLE);
        assertThat(get(store.head(key)).orElseThrow().bytes()).isEqualTo(10);
        if (!where.equals("uploads")) {
            assertThat(proxy.requests()).anyMatch(line -> line.startsWith("DELETE ") && line.contains("uploadId="));
        }
    }

    @Test
    void aProducerThatFailsEndsItsUpload() {
        var store = store();
        proxy.plays(FaultProxy::mended);
        var stream = ByteStream.of(vertx, 3, _ -> Buffer.buffer(bytes(PART / 2)))
                .failing(new IOException("the client has gone"));
        assertThatThrownBy(() -> get(store.put(key, stream, Condition.ALWAYS, Long.MAX_VALUE)))
                .hasMessageContaining("the client has gone");
        assertThat(proxy.requests()).anyMatch(line -> line.startsWith("DELETE ") && line.contains("uploadId="));
        assertThat(get(store.head(key))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, PART + 1})
    void aWriteWhoseAnswerIsLostIsRecognisedAsOurs(int length) {
        var store = store();
        var losses = new AtomicInteger(1);
        proxy.plays(head -> head.toLowerCase(Locale.ROOT).contains("if-none-match") && losses.getAndDecrement() > 0
                ? new Move.CutAnswer(1)
                : FaultProxy.mended(head));
        assertThat(get(put(store, length, Condition.ABSENT)).bytes()).isEqualTo(length);
        assertThat(losses.get()).isLessThan(1);
        assertThat(get(store.head(key)).orElseThrow().bytes()).isEqualTo(length);
    }

    @Test
    void aServerThatIgnoresConditionsIsNotTrustedWithThem() {
        proxy.plays(head -> new Move.Rewrite("If-None-Match", "X-None-Match-"));
        var store = store();
        assertFault(put(store, 10, Condition.ABSENT), Fault.Kind.STORE_UNAVAILABLE)
                .hasMessageContainingAll("ignores If-None-Match", "refused");
        assertFault(put(store, PART + 1, Condition.ABSENT), Fault.Kind.STORE_UNAVAILABLE)
                .hasMessageContaining("CompleteMultipartUpload");
        var blob = get(put(store, 10, Condition.ALWAYS));
        get(put(store, 20, new Condition.Matches(blob.etag())));
    }
}
