package smcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static smcp.store.Samples.T0;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.get;
import static smcp.store.Samples.tenant;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import smcp.bus.Fault;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.Versioned;
import smcp.protocol.Json;
import smcp.store.RegistryStore.Change;
import smcp.store.RegistryStore.Stored;
import smcp.tenant.ApiKey;
import smcp.tenant.CatalogueEdition;
import smcp.tenant.CatalogueEdition.Listing;
import smcp.tenant.Client;
import smcp.tenant.ClientId;
import smcp.tenant.EngineKind;
import smcp.tenant.KeyHolder;
import smcp.tenant.Limits;
import smcp.tenant.Manifest;
import smcp.tenant.Permissions;
import smcp.tenant.SealingKey;
import smcp.tenant.Share;
import smcp.tenant.Tenant;
import smcp.tenant.TenantId;
import smcp.tenant.Version;
import smcp.tenant.VersionRef;

/** What every registry does, whatever keeps it. */
public abstract class RegistryContract {
    private static final RegistryKey<Tenant> ACME = RegistryKey.tenant(Samples.ACME);
    private static final RegistryKey<Tenant> OTHER = RegistryKey.tenant(Samples.OTHER);

    private static final SealingKey SEAL = new SealingKey(Samples.ACME, "c2VjcmV0");

    Tap store;
    StoredRegistry registry;

    protected abstract RegistryStore newStore();

    @BeforeEach
    void open() {
        store = new Tap(newStore());
        registry = get(StoredRegistry.open(store));
    }

    @AfterEach
    void close() {
        get(store.close());
    }

    private void commit(RegistryWrite<?>... writes) {
        get(registry.commit(List.of(writes)));
    }

    private Versioned<Tenant> acme() {
        return Objects.requireNonNull(registry.get(ACME));
    }

    @Test
    void aRecordIsReadAsItWasWritten() {
        commit(RegistryWrite.create(ACME, tenant("acme", 3).withActive(List.of(new Share(3, 40, "eu"), Share.all(2)))));
        assertThat(acme().value())
                .isEqualTo(tenant("acme", 3).withActive(List.of(new Share(3, 40, "eu"), Share.all(2))));
        assertThat(acme().revision()).isPositive();
    }

    @Test
    void everyKindOfRecordSurvivesTheTripThroughJson() {
        var ref = new VersionRef(Samples.ACME, 1);
        var manifest = new Manifest(
                "n",
                null,
                "t",
                "d",
                null,
                EngineKind.JS,
                "main.js",
                null,
                new Limits.Wish(1, 2, 3L, null, null, 6, 7L),
                true);
        var version = new Version(ref, "ab".repeat(32), 77, manifest, T0, "operator");
        var catalogue = new CatalogueEdition(
                ref,
                2,
                "{\"x\":1}",
                "{}",
                new Listing(List.of("{\"name\":\"a\"}"), 5, "public"),
                Listing.NONE,
                Listing.NONE,
                Listing.NONE);
        var client = new Client(Samples.ACME, new ClientId("bob"), new Permissions(List.of("read*")), T0);
        var keys = List.of(
                new ApiKey("k1", "cd".repeat(32), new KeyHolder.Operator(), T0, null),
                new ApiKey("k2", "cd".repeat(32), new KeyHolder.TenantOwner(Samples.ACME), T0, T0.plusSeconds(1)),
                new ApiKey("k3", "cd".repeat(32), new KeyHolder.OfClient(Samples.ACME, client.id()), T0, null));
        commit(
                RegistryWrite.create(RegistryKey.version(ref), version),
                RegistryWrite.create(RegistryKey.catalogue(ref), catalogue),
                RegistryWrite.create(RegistryKey.client(Samples.ACME, client.id()), client),
                RegistryWrite.create(RegistryKey.key("k1"), keys.get(0)),
                RegistryWrite.create(RegistryKey.key("k2"), keys.get(1)),
                RegistryWrite.create(RegistryKey.key("k3"), keys.get(2)),
                RegistryWrite.create(RegistryKey.sealingKey(Samples.ACME), SEAL));

        assertThat(registry.list(RegistryKey.versions(Samples.ACME)))
                .extracting(Versioned::value)
                .containsExactly(version);
        assertThat(registry.list(RegistryKey.catalogues(Samples.ACME)))
                .extracting(Versioned::value)
                .containsExactly(catalogue);
        assertThat(registry.list(RegistryKey.clients(Samples.ACME)))
                .extracting(Versioned::value)
                .containsExactly(client);
        assertThat(registry.list(RegistryKey.KEYS)).extracting(Versioned::value).containsExactlyElementsOf(keys);
        assertThat(Objects.requireNonNull(registry.get(RegistryKey.sealingKey(Samples.ACME)))
                        .value())
                .isEqualTo(SEAL);
    }

    @Test
    void aRecordIsCreatedOnceOnly() {
        commit(RegistryWrite.create(ACME, tenant("acme", 1)));
        assertFault(registry.commit(List.of(RegistryWrite.create(ACME, tenant("acme", 2)))), Fault.Kind.CONFLICT)
                .hasMessageContaining("tenant/acme");
        assertThat(acme().value().lastVersion()).isEqualTo(1);
    }

    @Test
    void aStaleRevisionIsRefused() {
        commit(RegistryWrite.create(ACME, tenant("acme", 1)));
        var stale = acme();
        commit(RegistryWrite.replace(ACME, stale, tenant("acme", 2)));
        assertFault(
                        registry.commit(List.of(RegistryWrite.replace(ACME, stale, tenant("acme", 3)))),
                        Fault.Kind.CONFLICT)
                .hasMessageContaining("revision");
        assertFault(registry.commit(List.of(RegistryWrite.delete(ACME, stale))), Fault.Kind.CONFLICT);
        assertThat(acme().value().lastVersion()).isEqualTo(2);
    }

    @Test
    void aCommitIsAllOrNothing() {
        commit(RegistryWrite.create(ACME, tenant("acme", 1)));
        var conflicting = RegistryWrite.create(ACME, tenant("acme", 9));
        assertFault(
                registry.commit(List.of(RegistryWrite.create(OTHER, tenant("other", 1)), conflicting)),
                Fault.Kind.CONFLICT);
        assertThat(registry.get(OTHER)).isNull();
        assertThat(registry.list(RegistryKey.TENANTS)).hasSize(1);
    }

    @Test
    void aDeletedRecordIsGoneAndItsRevisionNeverRestarts() {
        commit(RegistryWrite.create(ACME, tenant("acme", 1)));
        var first = acme();
        commit(RegistryWrite.delete(ACME, first));
        assertThat(registry.get(ACME)).isNull();
        assertFault(
                registry.commit(List.of(RegistryWrite.replace(ACME, first, tenant("acme", 2)))), Fault.Kind.CONFLICT);
        commit(RegistryWrite.create(ACME, tenant("acme", 3)));
        assertThat(acme().revision()).isGreaterThan(first.revision() + 1);
        assertFault(
                registry.commit(List.of(RegistryWrite.replace(ACME, first, tenant("acme", 4)))), Fault.Kind.CONFLICT);
    }

    @Test
    void listsAreInPathOrderAndStayWithinTheirPrefix() {
        for (var id : List.of("b", "a", "a-b", "ab", "c")) {
            commit(RegistryWrite.create(RegistryKey.tenant(new TenantId(id)), tenant(id, 1)));
            for (var name : List.of("y", "x")) {
                var client = new Client(new TenantId(id), new ClientId(name), Permissions.ALL, T0);
                commit(RegistryWrite.create(RegistryKey.client(client.tenant(), client.id()), client));
            }
        }
        assertThat(registry.list(RegistryKey.TENANTS))
                .extracting(each -> each.value().id().value())
                .containsExactly("a", "a-b", "ab", "b", "c");
        assertThat(registry.list(RegistryKey.clients(new TenantId("a"))))
                .extracting(each -> each.value().id().value())
                .containsExactly("x", "y");
    }

    @Test
    void aCommitIsVisibleAndToldBeforeItsFutureCompletes() {
        var told = new CopyOnWriteArrayList<String>();
        registry.onChange(path -> told.add(path + (registry.get(ACME) == null ? " absent" : " present")));
        var seen = get(registry.commit(List.of(RegistryWrite.create(ACME, tenant("acme", 1))))
                .map(_ -> List.copyOf(told)));
        assertThat(seen).containsExactly("tenant/acme present");
        commit(RegistryWrite.delete(ACME, acme()));
        assertThat(told).containsExactly("tenant/acme present", "tenant/acme absent");
    }

    @Test
    void aListenerThatFailsHarmsNobody() {
        var told = new CopyOnWriteArrayList<String>();
        registry.onChange(_ -> {
            throw new IllegalStateException("on purpose");
        });
        registry.onChange(told::add);
        commit(RegistryWrite.create(ACME, tenant("acme", 1)));
        assertThat(told).containsExactly("tenant/acme");
    }

    @Test
    void aListenerMayCommit() {
        var followed = new ArrayList<Future<Void>>();
        registry.onChange(path -> {
            if (path.equals(ACME.path())) {
                followed.add(registry.commit(List.of(RegistryWrite.create(OTHER, tenant("other", 1)))));
            }
        });
        commit(RegistryWrite.create(ACME, tenant("acme", 1)));
        get(followed.getFirst());
        assertThat(registry.get(OTHER)).isNotNull();
    }

    @Test
    void noUpdateIsLostAmongManyThreads() {
        commit(RegistryWrite.create(ACME, tenant("acme", 0)));
        try (var threads = Executors.newFixedThreadPool(8)) {
            var all = IntStream.range(0, 8)
                    .mapToObj(_ -> threads.submit(() -> {
                        for (var i = 0; i < 25; ) {
                            i += raised() ? 1 : 0;
                        }
                        return true;
                    }))
                    .toList();
            assertThat(all).allSatisfy(each -> assertThat(each.get()).isTrue());
        }
        assertThat(acme().value().lastVersion()).isEqualTo(200);
    }

    private boolean raised() {
        var was = acme();
        try {
            commit(RegistryWrite.replace(
                    ACME, was, was.value().withVersion(was.value().lastVersion() + 1)));
            return true;
        } catch (Fault e) {
            assertThat(e.kind()).isEqualTo(Fault.Kind.CONFLICT);
            return false;
        }
    }

    @Test
    void bigRecordsAreKeptAndTooBigOnesRefused() {
        var ref = new VersionRef(Samples.ACME, 1);
        var big = catalogue(ref, 8 << 20);
        commit(RegistryWrite.create(RegistryKey.catalogue(ref), big));
        assertThat(Objects.requireNonNull(registry.get(RegistryKey.catalogue(ref)))
                        .value())
                .isEqualTo(big);

        var next = new VersionRef(Samples.ACME, 2);
        assertFault(
                        registry.commit(
                                List.of(RegistryWrite.create(RegistryKey.catalogue(next), catalogue(next, 17 << 20)))),
                        Fault.Kind.INVALID_INPUT)
                .hasMessageContaining("catalogue/acme/2")
                .hasMessageContaining(Integer.toString(RecordJson.MOST_BYTES));
    }

    private static CatalogueEdition catalogue(VersionRef ref, int length) {
        return new CatalogueEdition(
                ref,
                1,
                "\"" + "ü".repeat(length / 2) + "\"",
                "{}",
                Listing.NONE,
                Listing.NONE,
                Listing.NONE,
                Listing.NONE);
    }

    @Test
    void pathsAreTakenAsTheyAreOrRefused() {
        var hostile = List.of(
                "key/'; DROP TABLE record; --", "key/\"q\"", "key/%", "key/_", "key/😀", "key/é", "key/e\u0301");
        for (var path : hostile) {
            var key = new RegistryKey<>(path, ApiKey.class);
            commit(RegistryWrite.create(key, new ApiKey(path, "h", new KeyHolder.Operator(), T0, null)));
        }
        assertThat(registry.list(RegistryKey.KEYS))
                .extracting(each -> each.value().id())
                .containsExactlyInAnyOrderElementsOf(hostile);
        for (var path : List.of("", "key/", "key/\0", "key/\ud800", "key/" + "x".repeat(600))) {
            var key = new RegistryKey<>(path, Tenant.class);
            assertFault(
                    registry.commit(List.of(RegistryWrite.create(key, tenant("acme", 1)))), Fault.Kind.INVALID_INPUT);
        }
    }

    @Test
    void aRecordIsWrittenOnceInACommit() {
        assertFault(
                registry.commit(List.of(
                        RegistryWrite.create(ACME, tenant("acme", 1)), RegistryWrite.create(ACME, tenant("acme", 2)))),
                Fault.Kind.INVALID_INPUT);
        get(registry.commit(List.of()));
    }

    @Test
    void aRecordOfAnotherTypeIsNotHandedOut() {
        commit(RegistryWrite.create(ACME, tenant("acme", 1)));
        assertThat(acme().value()).isNotNull();
        assertThatThrownBy(() -> registry.get(new RegistryKey<>(ACME.path(), ApiKey.class)))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("is a Tenant, not a ApiKey");
    }

    @Test
    void fieldsAndKindsOfANewerProgramAreKept() {
        get(store.commit(List.of(
                new Change(
                        ACME.path(),
                        0,
                        Json.of("{\"id\":\"acme\",\"open\":true,\"created\":\"2026-07-28T10:00:00Z\","
                                + "\"domains\":[\"a.example\"]}")),
                new Change("quota/acme", 0, Json.of("{\"calls\":5}")))));
        assertThat(acme().value().open()).isTrue();
        commit(RegistryWrite.replace(ACME, acme(), acme().value().withVersion(4)));

        assertThat(store.heard)
                .last()
                .extracting(Stored::json)
                .satisfies(json -> assertThat(Objects.requireNonNull(json).text())
                        .contains("\"lastVersion\":4")
                        .contains("\"domains\":[\"a.example\"]"));
        record Quota(int calls) {}
        assertThat(Objects.requireNonNull(registry.get(new RegistryKey<>("quota/acme", Quota.class)))
                        .value())
                .isEqualTo(new Quota(5));
    }

    @Test
    void theFeedIsWholeAndInOrderOfRevisions() {
        var all = new ArrayList<Future<Void>>();
        for (var i = 0; i < 300; i++) {
            all.add(registry.commit(List.of(
                    RegistryWrite.create(RegistryKey.tenant(new TenantId("t" + i)), tenant("t" + i, i)),
                    RegistryWrite.create(RegistryKey.sealingKey(new TenantId("t" + i)), SEAL))));
        }
        get(Future.all(all));
        assertThat(store.heard).hasSize(600).extracting(Stored::revision).isSorted();
        for (var i = 0; i < 600; i += 2) {
            assertThat(store.heard.get(i).revision())
                    .isEqualTo(store.heard.get(i + 1).revision());
        }
    }

    @Test
    void whatComesAfterTheCloseIsRefused() {
        get(store.close());
        assertFault(
                registry.commit(List.of(RegistryWrite.create(ACME, tenant("acme", 1)))), Fault.Kind.STORE_UNAVAILABLE);
    }

    /** A store that remembers what its feed said. */
    static final class Tap implements RegistryStore {
        final RegistryStore inner;
        final List<Stored> heard = new CopyOnWriteArrayList<>();

        Tap(RegistryStore inner) {
            this.inner = inner;
        }

        @Override
        public Future<Void> open(Consumer<List<Stored>> feed) {
            return inner.open(commit -> {
                heard.addAll(commit);
                feed.accept(commit);
            });
        }

        @Override
        public Future<Void> commit(List<Change> changes) {
            return inner.commit(changes);
        }

        @Override
        public Durability durability() {
            return inner.durability();
        }

        @Override
        public void expire(long nanoTime) {
            inner.expire(nanoTime);
        }

        @Override
        public Future<Void> close() {
            return inner.close();
        }
    }
}
