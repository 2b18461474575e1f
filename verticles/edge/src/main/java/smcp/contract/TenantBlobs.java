package smcp.contract;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import smcp.contract.BlobStore.Blob;
import smcp.contract.BlobStore.Condition;
import smcp.contract.BlobStore.Page;
import smcp.contract.BlobStore.Range;
import smcp.contract.BlobStore.Reading;
import smcp.tenant.Limits;
import smcp.tenant.TenantId;

/** The blobs of tenants, each tenant held to what it may keep. Apart from that as {@link BlobStore} says. */
public interface TenantBlobs {
    /**
     * What a tenant keeps: what this node changed is counted at once, what others changed after a quarter of an hour at the latest.
     *
     * @param bytes of the contents as they are read
     */
    record Size(long blobs, long bytes) {}

    /** Fails with {@link smcp.bus.Fault.Kind#QUOTA} if the tenant would then have more than it may keep; what it replaces does not count. */
    Future<Blob> put(
            TenantId tenant, String name, ReadStream<Buffer> content, Condition condition, Limits.Storage limits);

    Future<Optional<Reading>> get(TenantId tenant, String name, Range range);

    Future<Optional<Blob>> head(TenantId tenant, String name);

    /** False if there was none. */
    Future<Boolean> delete(TenantId tenant, String name);

    Future<Page> list(TenantId tenant, String prefix, @Nullable String after, int most);

    Future<Size> size(TenantId tenant);

    /** Forgets everything of a tenant. */
    Future<Void> drop(TenantId tenant);
}
