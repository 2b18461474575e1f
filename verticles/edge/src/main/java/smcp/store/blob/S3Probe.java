package smcp.store.blob;

import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.store.blob.S3Conditions.Honoured;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** Tries out, on an object of its own, everything that the store needs of the bucket: a wrong setting is said when the node starts, not when a tenant first writes. */
final class S3Probe {
    private static final Logger log = LoggerFactory.getLogger(S3Probe.class);
    static final String SPACE = "probe";

    private static final String NOBODYS = "\"00000000000000000000000000000000\"";

    private final S3Calls calls;
    private final String bucket;
    private final String prefix;
    private final String key;
    private final Set<Honoured> honoured = EnumSet.noneOf(Honoured.class);

    S3Probe(S3Calls calls, String bucket, String prefix) {
        this.calls = calls;
        this.bucket = bucket;
        this.prefix = prefix;
        this.key = prefix + "/" + SPACE + "/" + UUID.randomUUID();
    }

    /** Is this key of an object that a probe made? */
    static boolean made(String prefix, String key) {
        return key.startsWith(prefix + "/" + SPACE + "/");
    }

    /** Does it take a write? */
    Future<?> writes() {
        return calls.tried(
                        "PutObject",
                        s3 -> s3.putObject(put -> put.bucket(bucket).key(key), body()))
                .compose(_ -> calls.tried(
                        "DeleteObject",
                        s3 -> s3.deleteObject(delete -> delete.bucket(bucket).key(key))));
    }

    /** Does it answer? That there is no such object is an answer. */
    Future<?> answers() {
        return calls.raw(s3 -> s3.headObject(head -> head.bucket(bucket).key(key)))
                .<Boolean>map(true)
                .recover(cause -> S3Faults.missing(cause)
                        ? Future.succeededFuture(true)
                        : Future.failedFuture(calls.faults().words("GetObject", cause)));
    }

    /** Fails with a fault that says what is wrong. */
    Future<S3Conditions> run() {
        return calls.tried(
                        "ListBucket",
                        s3 -> s3.listObjectsV2(
                                list -> list.bucket(bucket).prefix(prefix + "/").maxKeys(1)))
                .compose(_ -> calls.tried(
                        "PutObject",
                        s3 -> s3.putObject(put -> put.bucket(bucket).key(key), body())))
                .compose(_ -> found().eventually(() -> calls.tried(
                        "DeleteObject",
                        s3 -> s3.deleteObject(delete -> delete.bucket(bucket).key(key)))));
    }

    private Future<S3Conditions> found() {
        return calls.tried(
                        "GetObject",
                        s3 -> s3.headObject(head -> head.bucket(bucket).key(key)))
                .compose(_ -> refused(
                        Honoured.PUT_ABSENT,
                        s3 -> s3.putObject(put -> put.bucket(bucket).key(key).ifNoneMatch("*"), body())))
                .compose(_ -> refused(
                        Honoured.PUT_MATCHES,
                        s3 -> s3.putObject(put -> put.bucket(bucket).key(key).ifMatch(NOBODYS), body())))
                .compose(_ -> complete(Honoured.COMPLETE_ABSENT))
                .compose(_ -> complete(Honoured.COMPLETE_MATCHES))
                .map(_ -> new S3Conditions(honoured, true))
                .onSuccess(this::say);
    }

    /** One upload each: a server that ignores the header has completed it. */
    private Future<?> complete(Honoured header) {
        return calls.tried(
                        "CreateMultipartUpload",
                        s3 -> s3.createMultipartUpload(
                                create -> create.bucket(bucket).key(key)))
                .compose(begun -> {
                    var upload = begun.uploadId();
                    return calls.tried(
                                    "UploadPart",
                                    s3 -> s3.uploadPart(
                                            part -> part.bucket(bucket)
                                                    .key(key)
                                                    .uploadId(upload)
                                                    .partNumber(1),
                                            body()))
                            .compose(part -> refused(
                                    header,
                                    s3 -> s3.completeMultipartUpload(complete -> complete.bucket(bucket)
                                            .key(key)
                                            .uploadId(upload)
                                            .ifNoneMatch(header == Honoured.COMPLETE_ABSENT ? "*" : null)
                                            .ifMatch(header == Honoured.COMPLETE_MATCHES ? NOBODYS : null)
                                            .multipartUpload(all -> all.parts(CompletedPart.builder()
                                                    .partNumber(1)
                                                    .eTag(part.eTag())
                                                    .build())))))
                            .eventually(() -> abort(upload));
                });
    }

    private Future<?> abort(String upload) {
        return calls.raw(s3 -> s3.abortMultipartUpload(
                        abort -> abort.bucket(bucket).key(key).uploadId(upload)))
                .map(true)
                .recover(cause -> S3Faults.status(cause, 404)
                        ? Future.succeededFuture(true) // completed, because the header was ignored
                        : Future.failedFuture(calls.faults().words("AbortMultipartUpload", cause)));
    }

    /** A request that must fail with 412 if the server knows the header (RFC 9110 §15.5.13). */
    private <T> Future<?> refused(Honoured header, Function<S3AsyncClient, CompletableFuture<T>> request) {
        return calls.raw(request).transform(answer -> {
            if (answer.failed() && S3Faults.status(answer.cause(), 412)) {
                honoured.add(header);
            } else if (answer.failed() && !unknown(answer.cause())) {
                return Future.failedFuture(calls.faults().words("PutObject", answer.cause()));
            }
            return Future.succeededFuture(true);
        });
    }

    private static boolean unknown(Throwable cause) {
        return S3Faults.status(cause, 501) || S3Faults.status(cause, 400) || S3Faults.status(cause, 404);
    }

    private void say(S3Conditions conditions) {
        var missing = EnumSet.allOf(Honoured.class);
        missing.removeAll(conditions.known());
        if (!missing.isEmpty()) {
            log.atWarn()
                    .addKeyValue("bucket", bucket)
                    .addKeyValue("ignored", missing)
                    .log("this S3 server does not honour every conditional write; those are refused");
        }
    }

    private static AsyncRequestBody body() {
        return AsyncRequestBody.fromBytes(new byte[] {'s', 'm', 'c', 'p'});
    }
}
