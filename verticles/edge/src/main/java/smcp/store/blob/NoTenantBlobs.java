package smcp.store.blob;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.contract.BlobStore;
import smcp.contract.BlobStore.Blob;
import smcp.contract.BlobStore.Condition;
import smcp.contract.BlobStore.Page;
import smcp.contract.BlobStore.Range;
import smcp.contract.BlobStore.Reading;
import smcp.contract.TenantBlobs;
import smcp.tenant.Limits;
import smcp.tenant.TenantId;

/** Where nodes share no store of blobs, tenants have none: one that was put on one node would not be on the next. Says so, and removes what is left of a time when the node was alone. */
public final class NoTenantBlobs implements TenantBlobs {
    private final BlobStore here;

    /** @param here blobs of this node */
    public NoTenantBlobs(BlobStore here) {
        this.here = here;
    }

    private static <T> Future<T> none() {
        return Future.failedFuture(new Fault(
                Fault.Kind.INVALID_INPUT,
                "tenants' blobs need blobs.kind: s3 in a cluster; with files, each node would have its own"));
    }

    @Override
    public Future<Blob> put(
            TenantId tenant, String name, ReadStream<Buffer> content, Condition condition, Limits.Storage limits) {
        return none();
    }

    @Override
    public Future<Optional<Reading>> get(TenantId tenant, String name, Range range) {
        return none();
    }

    @Override
    public Future<Optional<Blob>> head(TenantId tenant, String name) {
        return none();
    }

    @Override
    public Future<Boolean> delete(TenantId tenant, String name) {
        return none();
    }

    @Override
    public Future<Page> list(TenantId tenant, String prefix, @Nullable String after, int most) {
        return none();
    }

    @Override
    public Future<Size> size(TenantId tenant) {
        return Future.succeededFuture(new Size(0, 0));
    }

    @Override
    public Future<Void> drop(TenantId tenant) {
        return here.drop(BlobStore.BlobKey.space(tenant));
    }
}
