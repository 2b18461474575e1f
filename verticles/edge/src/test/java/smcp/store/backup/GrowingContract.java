package smcp.store.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.store.backup.Site.ACME;
import static smcp.store.backup.Site.SHOP;
import static smcp.store.backup.Site.T0;
import static smcp.store.backup.Site.WRITE;
import static smcp.store.backup.Site.get;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import smcp.contract.RegistryKey;
import smcp.contract.ValueStore;
import smcp.contract.ValueStore.Write;
import smcp.protocol.Json;
import smcp.store.Backend;
import smcp.store.EmptyStores;
import smcp.store.Place;
import smcp.store.RegistryStore.Change;
import smcp.store.StoreConfig;
import smcp.store.Stores;
import smcp.tenant.TenantId;

/** From the files of one node into a shared place, and back into files. */
public final class GrowingContract {
    private static final Instant SOON = Instant.parse("2100-01-01T00:00:00.123Z");

    private GrowingContract() {}

    /**
     * @param place empty
     * @param meanwhile is done while the place is being restored
     */
    public static void sqliteIntoAndBack(Vertx vertx, Path folder, Place<Backend> place, Runnable meanwhile)
            throws Exception {
        var stores = get(Stores.open(vertx, StoreConfig.defaults(folder.resolve("a"))));
        get(stores.registry().commit(List.of(Site.tenant(ACME), Site.tenant(SHOP))));
        Site.each(1_600, i -> stores.values().put(i % 3 == 0 ? SHOP : ACME, "k" + i, Site.bytes(i % 300, i), WRITE));
        var ending = new Write(ValueStore.ANY, Duration.ofHours(1), WRITE.most());
        get(stores.values().put(ACME, "ending", Buffer.buffer("x"), ending));
        get(stores.sessions().create(Site.session(ACME, "s1"), SOON));
        get(stores.spent().spend(SHOP, "used", SOON));
        var records = Site.registry(stores.source(Site.NO_BLOBS));
        var ofAcme = Site.values(stores.values(), ACME);
        var ofShop = Site.values(stores.values(), SHOP);
        var first = Site.backup(vertx, stores.source(Site.NO_BLOBS));
        get(stores.close());

        byte[] second;
        try (var shared = EmptyStores.make(
                folder.resolve("m"), root -> new EmptyStores.Places(place, Site.blobs(vertx, root)), false, T0)) {
            meanwhile.run();
            Site.restore(vertx, first, shared, Instant.now());
            assertThat(Site.values(shared.backend().values(), ACME)).isEqualTo(ofAcme);
            assertThat(get(shared.backend().values().size(ACME))).isEqualTo(size(ofAcme));
            var late = new TenantId("late");
            var commit = new Change(RegistryKey.tenant(late).path(), 0, Json.EMPTY_OBJECT);
            get(shared.backend().registry().commit(List.of(commit)));
            get(shared.backend()
                    .registry()
                    .commit(List.of(new Change(
                            commit.path(),
                            Objects.requireNonNull(
                                            Site.registry(Site.source(shared)).get(commit.path()))
                                    .revision(),
                            null))));
            second = Site.backup(vertx, Site.source(shared));
            shared.finish();
        }
        try (var sqlite = Site.sqlite(vertx, folder.resolve("b"))) {
            Site.restore(vertx, second, sqlite, Instant.now());
            sqlite.finish();
        }
        var again = get(Stores.open(vertx, StoreConfig.defaults(folder.resolve("b"))));
        assertThat(Site.registry(again.source(Site.NO_BLOBS))).isEqualTo(records);
        assertThat(Site.values(again.values(), ACME)).isEqualTo(ofAcme);
        assertThat(Site.values(again.values(), SHOP)).isEqualTo(ofShop);
        assertThat(get(again.sessions().find(ACME, "s1", T0))).isPresent();
        assertThat(get(again.spent().spend(SHOP, "used", SOON))).isFalse();
        get(again.close());
    }

    private static ValueStore.Size size(Map<String, ValueStore.Value> values) {
        return new ValueStore.Size(
                values.size(),
                values.entrySet().stream()
                        .mapToLong(entry -> entry.getKey().length()
                                + entry.getValue().content().length())
                        .sum());
    }
}
