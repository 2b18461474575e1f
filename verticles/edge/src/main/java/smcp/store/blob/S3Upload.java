package smcp.store.blob;

import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.contract.BlobStore.Blob;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * One blob on its way into the bucket. What fits into one part is put at once; the rest is a multipart upload, whose parts nobody sees before it is completed. An answer that got lost leaves it open whether the server did it, and a repeated
 * conditional request would then find our own blob in its way: so every write carries an id, by which it is recognised.
 */
final class S3Upload implements Intake.Sink {
    private static final Logger log = LoggerFactory.getLogger(S3Upload.class);
    private static final String WRITE = "smcp-write";

    /** Amazon S3 User Guide, Multipart upload limits. */
    static final int MOST_PARTS = 10_000;

    private final S3Calls calls;
    private final String bucket;
    private final String at;
    private final BlobKey key;
    private final Condition condition;
    private final S3Conditions honoured;
    private final InstantSource clock;
    private final String id = UUID.randomUUID().toString();
    private final List<CompletedPart> parts = new ArrayList<>();
    private long bytes;
    private @Nullable String upload;
    private @Nullable Blob blob;

    /** @param at the key in the bucket */
    S3Upload(
            S3Calls calls,
            String bucket,
            String at,
            BlobKey key,
            Condition condition,
            S3Conditions honoured,
            InstantSource clock) {
        this.calls = calls;
        this.bucket = bucket;
        this.at = at;
        this.key = key;
        this.condition = condition;
        this.honoured = honoured;
        this.clock = clock;
    }

    @Override
    public Future<?> take(byte[] piece, int length, boolean last) {
        bytes += length;
        if (last && upload == null) {
            return whole(piece, length);
        }
        var sent = started().compose(_ -> length == 0 ? Future.succeededFuture() : part(piece, length));
        return last ? sent.compose(_ -> completed()) : sent;
    }

    /** What was written, after the last piece was taken. */
    Blob blob() {
        return Objects.requireNonNull(blob);
    }

    private Future<?> whole(byte[] piece, int length) {
        honoured.check(condition, S3Conditions.Size.SMALL, calls.faults());
        return settled(
                "PutObject",
                calls.raw(s3 -> s3.putObject(
                                request -> request.bucket(bucket)
                                        .key(at)
                                        .contentType("application/octet-stream")
                                        .metadata(Map.of(WRITE, id))
                                        .ifNoneMatch(S3Conditions.ifNoneMatch(condition))
                                        .ifMatch(S3Conditions.ifMatch(condition)),
                                body(piece, length)))
                        .map(answer -> answer.eTag()));
    }

    private Future<?> started() {
        if (upload != null) {
            return Future.succeededFuture();
        }
        honoured.check(condition, S3Conditions.Size.LARGE, calls.faults());
        return calls.call(
                        "CreateMultipartUpload",
                        s3 -> s3.createMultipartUpload(request -> request.bucket(bucket)
                                .key(at)
                                .contentType("application/octet-stream")
                                .metadata(Map.of(WRITE, id))))
                .onSuccess(answer -> upload = answer.uploadId());
    }

    private Future<?> part(byte[] piece, int length) {
        var number = parts.size() + 1;
        if (number > MOST_PARTS) {
            return Future.failedFuture(new Fault(
                    Fault.Kind.QUOTA,
                    "a blob may have " + MOST_PARTS + " parts of blobs.s3.partBytes, " + piece.length + " bytes each"));
        }
        return calls.call(
                        "UploadPart",
                        s3 -> s3.uploadPart(
                                request -> request.bucket(bucket)
                                        .key(at)
                                        .uploadId(upload)
                                        .partNumber(number),
                                body(piece, length)))
                .onSuccess(answer -> parts.add(CompletedPart.builder()
                        .partNumber(number)
                        .eTag(answer.eTag())
                        .build()));
    }

    private Future<?> completed() {
        return settled(
                        "CompleteMultipartUpload",
                        calls.raw(s3 -> s3.completeMultipartUpload(request -> request.bucket(bucket)
                                        .key(at)
                                        .uploadId(upload)
                                        .multipartUpload(all -> all.parts(parts))
                                        .ifNoneMatch(S3Conditions.ifNoneMatch(condition))
                                        .ifMatch(S3Conditions.ifMatch(condition))))
                                .map(answer -> answer.eTag()))
                .onSuccess(_ -> upload = null);
    }

    private Future<?> settled(String operation, Future<String> written) {
        return written.recover(cause -> written(cause)
                        .compose(etag -> etag != null
                                ? Future.succeededFuture(etag)
                                : Future.failedFuture(fault(operation, cause))))
                .onSuccess(etag -> blob = new Blob(key.name(), bytes, S3Conditions.bare(etag), null, clock.instant()));
    }

    /** The etag if it was written all the same; null if not, or if that cannot be found out. */
    private Future<@Nullable String> written(Throwable cause) {
        return calls.raw(s3 -> s3.headObject(request -> request.bucket(bucket).key(at)))
                .<@Nullable String>map(found -> ours(found) ? found.eTag() : null)
                .otherwise(again -> {
                    cause.addSuppressed(again);
                    return null;
                });
    }

    private boolean ours(HeadObjectResponse found) {
        return found.hasMetadata() && id.equals(found.metadata().get(WRITE));
    }

    /** 409: another conditional write of the name is under way (Amazon S3 User Guide, Conditional writes); 404: there is nothing that could match. */
    private Fault fault(String operation, Throwable cause) {
        var lost = S3Faults.status(cause, 412) || S3Faults.status(cause, 409);
        return switch (condition) {
            case Condition.Absent _ when lost -> BlobNames.taken(key);
            case Condition.Matches _ when lost || S3Faults.missing(cause) -> BlobNames.other(key);
            default -> calls.faults().of(operation, cause);
        };
    }

    /** Gives back what an unfinished upload holds. Its failure is only logged: the bucket's lifecycle rule clears it away. */
    Future<Void> abort() {
        return upload == null
                ? Future.succeededFuture()
                : calls.call(
                                "AbortMultipartUpload",
                                s3 -> s3.abortMultipartUpload(request ->
                                        request.bucket(bucket).key(at).uploadId(upload)))
                        .onFailure(cause -> log.atWarn()
                                .addKeyValue("bucket", bucket)
                                .setCause(cause)
                                .log("an unfinished upload stays until the bucket's lifecycle rule removes it"))
                        .<Void>mapEmpty()
                        .otherwiseEmpty();
    }

    /** Not copied: the piece is ours until the request has ended. */
    private static AsyncRequestBody body(byte[] piece, int length) {
        return AsyncRequestBody.fromByteBufferUnsafe(ByteBuffer.wrap(piece, 0, length));
    }
}
