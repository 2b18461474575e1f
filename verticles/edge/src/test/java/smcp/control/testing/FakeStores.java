package smcp.control.testing;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import smcp.contract.StoreReport;

/** Two stores, one of which has trouble. */
public final class FakeStores implements StoreReport {
    @Override
    public List<Store> stores() {
        return List.of(
                new Store("registry", "sqlite", "disk", "one process has it", "the disk"),
                new Store("values", "sqlite", "disk", "one process has it", "the disk"));
    }

    @Override
    public Future<List<Way>> check() {
        return Future.succeededFuture(List.of(
                new Way("registry.db (writing)", Duration.ofNanos(1_500_000), null),
                new Way("values.db (writing)", Duration.ofMillis(2), "values.db: the disk is full")));
    }
}
