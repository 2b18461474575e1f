package smcp.store.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.store.Samples.ACME;
import static smcp.store.Samples.OTHER;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.get;

import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.Test;
import smcp.bus.Fault.Kind;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;
import smcp.contract.BlobStore.Range;
import smcp.contract.TenantBlobs;
import smcp.tenant.Limits;
import smcp.testing.MemoryBlobs;

class NoTenantBlobsTest {
    private static final byte[] CONTENT = {1, 2, 3};

    private final MemoryBlobs here = new MemoryBlobs(10);
    private final TenantBlobs blobs = new NoTenantBlobs(here);

    @Test
    void whatWouldBeOnOneNodeOnlyIsRefusedWithTheRemedy() {
        List<Future<?>> all = List.of(
                blobs.put(ACME, "a", here.content(CONTENT), Condition.ALWAYS, Limits.Storage.DEFAULT),
                blobs.get(ACME, "a", Range.ALL),
                blobs.head(ACME, "a"),
                blobs.delete(ACME, "a"),
                blobs.list(ACME, "", null, 10));
        all.forEach(one -> assertFault(one, Kind.INVALID_INPUT)
                .hasMessageContaining("tenants' blobs need blobs.kind: s3 in a cluster"));
        assertThat(here.all()).isEmpty();
        assertThat(get(blobs.size(ACME))).isEqualTo(new TenantBlobs.Size(0, 0));
    }

    @Test
    void aTenantThatIsRemovedLeavesNothingOfAnEarlierTimeBehind() {
        for (var tenant : List.of(ACME, OTHER)) {
            get(here.put(BlobKey.of(tenant, "a"), here.content(CONTENT), Condition.ALWAYS, 10));
        }
        get(blobs.drop(ACME));
        assertThat(get(here.head(BlobKey.of(ACME, "a")))).isEmpty();
        assertThat(get(here.head(BlobKey.of(OTHER, "a")))).isPresent();
    }
}
