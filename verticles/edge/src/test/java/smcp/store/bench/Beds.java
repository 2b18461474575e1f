package smcp.store.bench;

import io.vertx.core.Vertx;
import java.nio.file.Path;

/** The stores there are to measure. */
final class Beds {
    private Beds() {}

    static Bed open(String store, Vertx vertx, Path folder) throws Exception {
        return switch (store) {
            case "sqlite" -> new SqliteBed(vertx, folder);
            case "redis" -> new RedisBed(vertx, folder);
            case "files", "s3" -> new BlobBed(vertx, store, folder);
            case "audit" -> new AuditBed(folder);
            default -> throw new IllegalArgumentException("there is no store \"" + store + "\" to measure");
        };
    }
}
