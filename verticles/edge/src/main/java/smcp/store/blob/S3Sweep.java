package smcp.store.blob;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Removes what nodes that were killed left in the bucket: parts of uploads that were never completed, which nobody sees and which are paid for, and objects of the probe. Only below our own prefix. */
final class S3Sweep {
    private final S3Calls calls;
    private final String bucket;
    private final String prefix;

    S3Sweep(S3Calls calls, String bucket, String prefix) {
        this.calls = calls;
        this.bucket = bucket;
        this.prefix = prefix + "/";
    }

    /** Removes what was begun before that moment; answers how many uploads. */
    Future<Integer> run(Instant before) {
        return uploads(before, null, null, 0).compose(count -> probes(before).map(count));
    }

    private Future<Integer> uploads(Instant before, @Nullable String key, @Nullable String id, int count) {
        return calls.tried(
                        "ListBucketMultipartUploads",
                        s3 -> s3.listMultipartUploads(list -> list.bucket(bucket)
                                .prefix(prefix)
                                .keyMarker(key)
                                .uploadIdMarker(id)))
                .compose(page -> {
                    var old = page.uploads().stream()
                            .filter(upload -> upload.key().startsWith(prefix)
                                    && upload.initiated() != null
                                    && upload.initiated().isBefore(before))
                            .toList();
                    return abort(old).compose(_ -> rest(page, before, count + old.size()));
                });
    }

    private Future<Integer> rest(ListMultipartUploadsResponse page, Instant before, int count) {
        return Boolean.TRUE.equals(page.isTruncated())
                ? uploads(before, page.nextKeyMarker(), page.nextUploadIdMarker(), count)
                : Future.succeededFuture(count);
    }

    /** One after the other: nobody waits for it. One that another node has just removed is gone all the same. */
    private Future<Void> abort(List<MultipartUpload> uploads) {
        Future<Void> done = Future.succeededFuture();
        for (var upload : uploads) {
            done = done.compose(_ -> calls.raw(s3 -> s3.abortMultipartUpload(
                            abort -> abort.bucket(bucket).key(upload.key()).uploadId(upload.uploadId())))
                    .<Void>mapEmpty()
                    .recover(cause -> S3Faults.status(cause, 404)
                            ? Future.succeededFuture()
                            : Future.failedFuture(calls.faults().words("AbortMultipartUpload", cause))));
        }
        return done;
    }

    private Future<Void> probes(Instant before) {
        return calls.tried(
                        "ListBucket",
                        s3 -> s3.listObjectsV2(list -> list.bucket(bucket).prefix(prefix + S3Probe.SPACE + "/")))
                .compose(page -> {
                    Future<Void> done = Future.succeededFuture();
                    for (var object : page.contents()) {
                        if (old(object, before)) {
                            done = done.compose(_ -> calls.tried(
                                            "DeleteObject",
                                            s3 -> s3.deleteObject(delete ->
                                                    delete.bucket(bucket).key(object.key())))
                                    .mapEmpty());
                        }
                    }
                    return done;
                });
    }

    private static boolean old(S3Object object, Instant before) {
        return object.lastModified() != null && object.lastModified().isBefore(before);
    }
}
