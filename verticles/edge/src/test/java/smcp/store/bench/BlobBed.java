package smcp.store.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import smcp.contract.BlobStore;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;
import smcp.contract.BlobStore.Range;
import smcp.store.BlobBackend;
import smcp.store.blob.BlobConfig;
import smcp.store.blob.Blobs;
import smcp.store.blob.ByteStream;
import smcp.store.blob.FilesConfig;
import smcp.store.blob.S3Server;
import smcp.store.blob.S3Setup;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** Blobs of 1 MiB: in files, beside writing, syncing and renaming a file; in S3, beside the SDK's client with the whole body in memory. */
final class BlobBed implements Bed {
    private static final int BYTES = 1 << 20;
    private static final int NAMES = 50;
    private static final int MANY = 4;

    private final Vertx vertx;
    private final String kind;
    private final Path folder;
    private final BlobBackend backend;
    private final @Nullable S3AsyncClient client;
    private final byte[] content = new byte[BYTES];

    BlobBed(Vertx vertx, String kind, Path folder) throws IOException, TimeoutException {
        this.vertx = vertx;
        this.kind = kind;
        this.folder = Files.createDirectories(folder);
        for (var i = 0; i < BYTES; i++) {
            content[i] = (byte) (i * 31L + i / 251);
        }
        var config = kind.equals("s3")
                ? new BlobConfig(
                        BlobConfig.Kind.S3, FilesConfig.DEFAULT, S3Setup.under(S3Server.url(), folder, "bench"))
                : BlobConfig.DEFAULT;
        this.backend = Blobs.open(vertx, config, folder).await(30, TimeUnit.SECONDS);
        this.client = kind.equals("s3") ? client() : null;
    }

    private static S3AsyncClient client() {
        return S3AsyncClient.builder()
                .endpointOverride(URI.create(S3Server.url()))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(S3Setup.ACCESS_KEY, S3Setup.SECRET)))
                .build();
    }

    @Override
    public List<Pair> pairs() throws TimeoutException {
        for (var n = 0; n < NAMES; n++) {
            put(n).await(30, TimeUnit.SECONDS);
            if (client != null) {
                var _ = home(rawPut(client, n)).await(30, TimeUnit.SECONDS);
            }
        }
        var all = new ArrayList<Pair>();
        for (var callers : new int[] {1, MANY}) {
            all.add(new Pair(
                    kind, "put a blob of 1 MiB", callers, async(callers, this::put), rawPut(callers), putIs()));
            all.add(new Pair(
                    kind, "get a blob of 1 MiB", callers, async(callers, this::get), rawGet(callers), getIs()));
        }
        return all;
    }

    private Load async(int callers, LongFunction<Future<?>> operation) {
        return Load.async(vertx, callers, operation);
    }

    private static BlobKey key(long n) {
        return BlobKey.of(StateLoads.TENANT, "blob-" + n % NAMES);
    }

    private Future<?> put(long n) {
        return backend.blobs().put(key(n), ByteStream.of(vertx, content), Condition.ALWAYS, Long.MAX_VALUE);
    }

    private Future<?> get(long n) {
        return backend.blobs().get(key(n), Range.ALL).compose(found -> read(found.orElseThrow()));
    }

    private static Future<Integer> read(BlobStore.Reading reading) {
        var length = new int[1];
        var done = Promise.<Integer>promise();
        reading.content()
                .exceptionHandler(done::tryFail)
                .endHandler(_ -> done.tryComplete(length[0]))
                .handler(piece -> length[0] += piece.length())
                .resume();
        return done.future();
    }

    private String putIs() {
        return client == null ? "write, sync, rename, sync of the directory" : "PutObject";
    }

    private String getIs() {
        return client == null ? "reading the whole file" : "GetObject";
    }

    private Load rawPut(int callers) {
        var s3 = client;
        return s3 == null
                ? Load.blocking(callers, thread -> n -> file(thread, n))
                : Load.async(vertx, callers, n -> home(rawPut(s3, n)));
    }

    private CompletableFuture<?> rawPut(S3AsyncClient s3, long n) {
        return s3.putObject(
                put -> put.bucket(S3Server.BUCKET).key("raw/" + n % NAMES), AsyncRequestBody.fromBytes(content));
    }

    private Load rawGet(int callers) {
        var s3 = client;
        return s3 == null
                ? Load.blocking(callers, thread -> n -> {
                    var file = folder.resolve("raw-" + thread + "-" + n % NAMES);
                    if (!Files.exists(file)) {
                        var _ = file(thread, n);
                    }
                    return Files.readAllBytes(file).length == BYTES ? 1 : 0;
                })
                : Load.async(
                        vertx,
                        callers,
                        n -> home(s3.getObject(
                                get -> get.bucket(S3Server.BUCKET).key("raw/" + n % NAMES),
                                AsyncResponseTransformer.toBytes())));
    }

    private Future<?> home(CompletableFuture<?> answer) {
        return Future.fromCompletionStage(answer, vertx.getOrCreateContext());
    }

    private int file(long thread, long n) throws IOException {
        var fresh = folder.resolve("fresh-" + thread);
        try (var channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            var _ = channel.write(ByteBuffer.wrap(content));
            channel.force(true);
        }
        Files.move(
                fresh,
                folder.resolve("raw-" + thread + "-" + n % NAMES),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        try (var directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
        return 1;
    }

    @Override
    public void close() throws TimeoutException {
        if (client != null) {
            client.close();
        }
        backend.close().await(30, TimeUnit.SECONDS);
    }
}
