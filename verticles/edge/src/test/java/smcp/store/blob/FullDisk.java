package smcp.store.blob;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import smcp.bus.Fault;
import smcp.contract.BlobStore;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;

/** Fills the disk it is given with a blob, and says what happened. */
final class FullDisk {
    private FullDisk() {}

    public static void main(String[] arguments) {
        var vertx = Vertx.vertx();
        var backend = BlobStoreContract.get(Blobs.open(vertx, BlobConfig.DEFAULT, Path.of(arguments[0])));
        var store = backend.blobs();
        var key = new BlobKey("tenant-a", "blob");
        put(vertx, store, key, 1_000);
        var huge = ByteStream.of(vertx, 100, _ -> Buffer.buffer(new byte[100_000]));
        System.out.println(BlobStoreContract.get(store.put(key, huge, Condition.ALWAYS, Long.MAX_VALUE)
                .map("stored")
                .otherwise(cause -> Fault.from(cause).kind() + " " + cause.getMessage())));
        System.out.println("old blob: "
                + BlobStoreContract.get(store.head(key)).orElseThrow().bytes() + " bytes");
        put(vertx, store, key, 2_000);
        System.out.println(
                "after: " + BlobStoreContract.get(store.head(key)).orElseThrow().bytes() + " bytes");
        BlobStoreContract.get(backend.close());
        BlobStoreContract.get(vertx.close());
    }

    private static void put(Vertx vertx, BlobStore store, BlobKey key, int length) {
        BlobStoreContract.get(store.put(key, ByteStream.of(vertx, new byte[length]), Condition.ALWAYS, length));
    }
}
