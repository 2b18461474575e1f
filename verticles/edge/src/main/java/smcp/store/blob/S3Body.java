package smcp.store.blob;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.reactivestreams.Subscriber;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * An object's head, and its bytes for who subscribes.
 *
 * @param broken completes if the connection breaks afterwards. The SDK's own {@code toPublisher} drops that failure, because its future has completed by then, and its subscriber would wait for ever (seen with 2.57.8).
 */
record S3Body(GetObjectResponse head, SdkPublisher<ByteBuffer> bytes, CompletableFuture<Throwable> broken) {
    /** May be called once. {@code onBroken} may come on any thread, before bytes that came earlier. */
    void subscribe(Subscriber<ByteBuffer> subscriber, Consumer<Throwable> onBroken) {
        bytes.subscribe(subscriber);
        var _ = broken.thenAccept(onBroken);
    }

    /** For one request with all its attempts. */
    static final class Transformer implements AsyncResponseTransformer<GetObjectResponse, S3Body> {
        private volatile CompletableFuture<S3Body> begun = new CompletableFuture<>();
        private volatile CompletableFuture<Throwable> broken = new CompletableFuture<>();
        private volatile GetObjectResponse head = GetObjectResponse.builder().build();

        @Override
        public CompletableFuture<S3Body> prepare() {
            begun = new CompletableFuture<>();
            broken = new CompletableFuture<>();
            return begun;
        }

        @Override
        public void onResponse(GetObjectResponse response) {
            head = response;
        }

        @Override
        public void onStream(SdkPublisher<ByteBuffer> publisher) {
            var _ = begun.complete(new S3Body(head, publisher, broken));
        }

        @Override
        public void exceptionOccurred(Throwable failure) {
            var _ = begun.completeExceptionally(failure);
            var _ = broken.complete(failure);
        }
    }
}
