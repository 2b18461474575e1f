package smcp.vault;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.io.TempDir;
import smcp.contract.BlobStore;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.control.testing.MemoryRegistry;
import smcp.store.BlobBackend;
import smcp.store.Durability;
import smcp.store.blob.BlobConfig;
import smcp.store.blob.BlobStoreContract;
import smcp.store.blob.Blobs;
import smcp.tenant.TenantId;

/** Sealed blobs are blobs: what holds for a store holds for one that is sealed. */
class SealedBlobStoreTest extends BlobStoreContract {
    @TempDir
    Path folder;

    @Override
    protected BlobBackend open() throws IOException, TimeoutException {
        var registry = new MemoryRegistry();
        for (var name : List.of(space, space + "-2")) {
            var tenant = new TenantId(name.substring(Contexts.TENANT_SPACE.length()));
            get(registry.commit(List.of(RegistryWrite.create(RegistryKey.tenant(tenant), Rig.tenant(tenant)))));
        }
        var config = Rig.config(true, false, 1_000_000);
        var sealing = Sealing.open(vertx, registry, config, folder, Map.of(), InstantSource.system());
        var raw = get(Blobs.open(vertx, BlobConfig.DEFAULT, folder));
        return new Sealed(raw, sealing.over(raw.blobs()), sealing);
    }

    private record Sealed(BlobBackend raw, BlobStore blobs, Sealing sealing) implements BlobBackend {
        @Override
        public Durability durability() {
            return raw.durability();
        }

        @Override
        public Future<Void> close() {
            sealing.close();
            return raw.close();
        }
    }
}
