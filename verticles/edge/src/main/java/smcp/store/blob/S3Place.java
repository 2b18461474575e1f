package smcp.store.blob;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.contract.BlobStore;
import smcp.store.Place;

/** Everything under one prefix of a bucket, for a restore. It bears no mark of its own: who names it keeps the rest in a store that does. */
final class S3Place implements Place<BlobStore> {
    private static final long LONGEST_MINUTES = 60;

    private final Vertx vertx;
    private final S3Config config;

    S3Place(Vertx vertx, S3Config config) {
        this.vertx = vertx;
        this.config = config;
    }

    private Future<S3Blobs> ready() {
        return vertx.executeBlocking(() -> S3Blobs.client(vertx, config), false)
                .map(Objects::requireNonNull)
                .compose(blobs -> blobs.ready(Blobs.Start.MUST_ANSWER));
    }

    private <T> T with(Function<S3Blobs, Future<T>> work) {
        return await(ready().compose(blobs -> work.apply(blobs).eventually(blobs::close)));
    }

    private static <T> T await(Future<T> done) {
        try {
            return done.await(LONGEST_MINUTES, TimeUnit.MINUTES);
        } catch (TimeoutException e) {
            throw new Fault(
                    Fault.Kind.STORE_UNAVAILABLE, "S3: it was not done within " + LONGEST_MINUTES + " minutes", e);
        }
    }

    private String shown() {
        return "what is under " + config.prefix() + "/ in the bucket " + config.bucket();
    }

    @Override
    public @Nullable String occupied() {
        return with(S3Blobs::hasAny) ? shown() : null;
    }

    @Override
    public String clear(@Nullable Path aside) {
        var _ = with(blobs -> blobs.removeAll().map(true));
        return "removed " + shown();
    }

    @Override
    public Opened<BlobStore> open() {
        var blobs = await(ready());
        return new Opened<>(blobs, blobs::close);
    }

    @Override
    public void finished() {
        // the state's store has the mark
    }
}
