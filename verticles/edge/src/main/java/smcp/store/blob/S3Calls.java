package smcp.store.blob;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import smcp.bus.Fault;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSupplier;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** The SDK's client, called so that it disturbs nobody: requests begin on threads of their own, because finding credentials may block, and end on the caller's context. Attempts, backoff and deadlines are the SDK's. */
final class S3Calls {
    private static final int LOOPS = 2;
    private static final int THREADS = 2;
    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** The client's pools close themselves on the loops, after {@code close} has returned. */
    private static final long QUIET_MILLIS = 100;

    private final Vertx vertx;
    private final WorkerExecutor workers;
    private final SdkEventLoopGroup loops;
    private final S3AsyncClient client;
    private final S3Presigner presigner;
    private final S3Faults faults;

    /**
     * Blocks for a moment.
     *
     * @param heard of each failure that is the store's
     */
    S3Calls(Vertx vertx, S3Config config, Consumer<Fault> heard) {
        this.vertx = vertx;
        this.faults = new S3Faults(Objects.requireNonNull(config.bucket()), config.endpoint(), config.region(), heard);
        var credentials = credentials(config);
        var region = Region.of(config.region());
        this.loops = SdkEventLoopGroup.builder().numberOfThreads(LOOPS).build();
        this.workers = vertx.createSharedWorkerExecutor("smcp-s3-" + UUID.randomUUID(), THREADS);
        var connections = NettyNioAsyncHttpClient.builder()
                .eventLoopGroup(loops)
                .maxConcurrency(2 * config.transfers() + 8)
                .connectionTimeout(shorter(CONNECT, config.attemptTimeout()))
                .connectionAcquisitionTimeout(config.attemptTimeout())
                .readTimeout(config.attemptTimeout())
                .writeTimeout(config.attemptTimeout());
        var building = S3AsyncClient.builder()
                .region(region)
                .credentialsProvider(credentials)
                .forcePathStyle(config.pathStyle())
                // otherwise the SDK adds checksums in trailers, which many other servers do not know
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .httpClientBuilder(connections)
                .overrideConfiguration(options -> options.retryStrategy(new S3Retries(config.attempts()))
                        .apiCallAttemptTimeout(config.attemptTimeout())
                        .apiCallTimeout(config.callTimeout()));
        var signing = S3Presigner.builder()
                .region(region)
                .credentialsProvider(credentials)
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(config.pathStyle())
                        .build());
        if (config.endpoint() != null) {
            building.endpointOverride(URI.create(config.endpoint()));
            signing.endpointOverride(URI.create(config.endpoint()));
        }
        this.client = building.build();
        this.presigner = signing.build();
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static AwsCredentialsProvider credentials(S3Config config) {
        var file = config.credentialsFile();
        if (file == null) {
            return DefaultCredentialsProvider.builder()
                    .profileName(config.profile())
                    .asyncCredentialUpdateEnabled(true)
                    .build();
        }
        if (!Files.isReadable(file)) {
            throw new Fault(
                    Fault.Kind.STORE_UNAVAILABLE, "blobs.s3.credentialsFile " + file + " is not there or not readable");
        }
        return ProfileCredentialsProvider.builder()
                .profileFile(ProfileFileSupplier.reloadWhenModified(file, ProfileFile.Type.CREDENTIALS))
                .profileName(config.profile())
                .build();
    }

    Vertx vertx() {
        return vertx;
    }

    S3Faults faults() {
        return faults;
    }

    S3Presigner presigner() {
        return presigner;
    }

    /** What the server answered; fails with what the SDK failed with. */
    <T> Future<T> raw(Function<S3AsyncClient, CompletableFuture<T>> request) {
        Context home = vertx.getOrCreateContext();
        return workers.executeBlocking(() -> request.apply(client), false)
                .map(Objects::requireNonNull)
                .compose(answer -> Future.fromCompletionStage(answer, home));
    }

    /** What the server answered; fails with a {@link Fault} that names {@code operation}. */
    <T> Future<T> call(String operation, Function<S3AsyncClient, CompletableFuture<T>> request) {
        return raw(request).recover(cause -> Future.failedFuture(faults.of(operation, cause)));
    }

    /** The same of what nobody needs now: a failure is told and nothing else. */
    <T> Future<T> tried(String operation, Function<S3AsyncClient, CompletableFuture<T>> request) {
        return raw(request).recover(cause -> Future.failedFuture(faults.words(operation, cause)));
    }

    Future<Void> close() {
        return workers.executeBlocking(
                        () -> {
                            client.close();
                            presigner.close();
                            return loops.eventLoopGroup()
                                    .shutdownGracefully(QUIET_MILLIS, 2_000, TimeUnit.MILLISECONDS);
                        },
                        false)
                .<Void>mapEmpty()
                .eventually(workers::close);
    }
}
