package smcp.node;

import io.vertx.core.Future;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import smcp.cluster.Cluster;
import smcp.contract.BlobStore;
import smcp.contract.PeerBlobs;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.StoreReport;
import smcp.contract.TenantBlobs;
import smcp.store.BlobBackend;
import smcp.store.BlobPackages;
import smcp.store.Health;
import smcp.store.OtherCopies;
import smcp.store.blob.BlobConfig;
import smcp.store.blob.Blobs;
import smcp.store.blob.CopiedPackages;
import smcp.store.blob.CountedBlobs;
import smcp.store.blob.NoTenantBlobs;
import smcp.tenant.Version;
import smcp.vault.Sealing;

/**
 * Where this node finds blobs, sealed on their way to the store, and the packages that are kept as blobs. Opened when its data directory is locked, closed before that is given free.
 *
 * @param opened what {@code backend} has, as it was before it was sealed
 * @param copies of packages on the nodes of a cluster; null if the node is alone, or all share a store
 */
record NodeBlobs(
        String kind,
        BlobBackend backend,
        BlobStore opened,
        TenantBlobs tenants,
        BlobPackages packages,
        @Nullable CopiedPackages copies) {
    private static final RegistryKey<Version> VERSIONS = new RegistryKey<>("version/", Version.class);

    /** Blocks for a moment. */
    static Future<NodeBlobs> open(
            Cluster cluster, NodeConfig config, Registry registry, Sealing sealing, InstantSource clock)
            throws IOException {
        var vertx = cluster.vertx();
        var dataDir = config.store().dataDir();
        var start = BlobPackages.hasSome(dataDir) ? Blobs.Start.MAY_BE_AWAY : Blobs.Start.MUST_ANSWER;
        return Blobs.open(vertx, config.blobs(), dataDir, start).compose(found -> {
            var copies = config.cluster().enabled() && config.blobs().kind() == BlobConfig.Kind.FILES
                    ? CopiedPackages.over(vertx, found, registry, cluster.members(), cluster.everywhere(), clock)
                    : null;
            var backend = copies == null ? found : copies;
            var blobs = sealing.over(backend.blobs());
            return BlobPackages.open(
                            vertx,
                            dataDir,
                            blobs,
                            config.store().packages(),
                            named(registry)::contains,
                            copies == null ? OtherCopies.NONE : copies)
                    .map(packages -> new NodeBlobs(
                            config.blobs().kind().word(),
                            backend,
                            blobs,
                            copies == null ? new CountedBlobs(blobs, clock) : new NoTenantBlobs(blobs),
                            packages,
                            copies))
                    .recover(cause -> backend.close().transform(_ -> Future.failedFuture(cause)));
        });
    }

    /** What this node gives to others. */
    PeerBlobs.Source given() {
        return copies == null ? PeerBlobs.Source.NONE : copies;
    }

    /** The other nodes can be asked for packages from now on. */
    Future<Void> begin(PeerBlobs peers) {
        return copies == null ? Future.succeededFuture() : copies.begin(peers, opened);
    }

    /** Hashes of the packages that versions name. */
    private static Set<String> named(Registry registry) {
        return registry.list(VERSIONS).stream()
                .map(version -> version.value().packageHash())
                .collect(Collectors.toSet());
    }

    /** How the ways to the store are doing. */
    List<Health> health() {
        return backend.health();
    }

    /** {@code others}, and the store of blobs. */
    StoreReport reported(StoreReport others) {
        return new StoreReport() {
            @Override
            public List<Store> stores() {
                var all = new ArrayList<>(others.stores());
                all.add(backend.durability().told("blobs", kind));
                return all;
            }

            @Override
            public Future<List<Way>> check() {
                var checked = Future.all(health().stream().map(Health::checked).toList());
                return Future.all(others.check(), checked).map(both -> {
                    var all = new ArrayList<>(both.<List<Way>>resultAt(0));
                    all.addAll(checked.result().<Way>list());
                    return all;
                });
            }
        };
    }

    Future<Void> close() {
        return packages.close().eventually(backend::close);
    }
}
