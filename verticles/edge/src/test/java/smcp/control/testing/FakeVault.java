package smcp.control.testing;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import smcp.contract.KeyRotation;
import smcp.tenant.TenantId;

/** A vault that writes down what was wished. */
public final class FakeVault implements KeyRotation {
    private final List<String> wishes = new CopyOnWriteArrayList<>();

    @Override
    public Future<Status> status() {
        return Future.succeededFuture(new Status(
                "file node.key",
                List.of(new Kek("1", true, 2)),
                0,
                1,
                new KekProgress("1", Instant.EPOCH, 1),
                List.of(
                        new Resealing("demo", Instant.EPOCH, Stage.FAILING, 3, 2, List.of("kv/a: changed"), null),
                        new Resealing(
                                "shop",
                                Instant.EPOCH,
                                Stage.SETTLING,
                                3,
                                3,
                                List.of(),
                                Instant.EPOCH.plusSeconds(600))),
                true,
                false));
    }

    @Override
    public Future<Status> rotateKek() {
        wishes.add("kek");
        return status();
    }

    @Override
    public Future<Status> rotateDataKeys(@Nullable TenantId tenant) {
        wishes.add(tenant == null ? "all" : tenant.value());
        return status();
    }

    public List<String> wishes() {
        return wishes;
    }
}
