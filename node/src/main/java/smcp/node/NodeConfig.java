package smcp.node;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import smcp.audit.AuditConfig;
import smcp.cluster.ClusterConfig;
import smcp.control.ControlConfig;
import smcp.engine.JsConfig;
import smcp.ingress.IngressConfig;
import smcp.modern.ModernConfig;
import smcp.router.RouterConfig;
import smcp.runtime.RuntimeConfig;
import smcp.session.SessionConfig;
import smcp.store.PackageLimits;
import smcp.store.StateBounds;
import smcp.store.StoreConfig;
import smcp.store.blob.BlobConfig;
import smcp.store.redis.RedisConfig;
import smcp.vault.VaultConfig;

/** The whole configuration of a node: one block a feature, each a record of that feature. */
public record NodeConfig(
        @JsonProperty("node") Identity node,
        @JsonProperty("cluster") ClusterConfig cluster,
        @JsonProperty("router") RouterConfig router,
        @JsonProperty("ingress") IngressConfig ingress,
        @JsonProperty("control") ControlConfig control,
        @JsonProperty("store") Store store,
        @JsonProperty("vault") VaultConfig vault,
        @JsonProperty("blobs") BlobConfig blobs,
        @JsonProperty("sessions") SessionConfig sessions,
        @JsonProperty("modern") ModernConfig modern,
        @JsonProperty("runtime") RuntimeConfig runtime,
        @JsonProperty("js") JsConfig js,
        @JsonProperty("audit") AuditConfig audit) {

    /**
     * Who this node is, block {@code node:}.
     *
     * @param region where it stands; versions may be given to one region only
     * @param zone within the region: a building, or whatever fails as one
     * @param drainSeconds how long calls in flight may take to end when the node is stopped
     * @param drainNotice how long a node of a cluster goes on taking requests after it has said that it is not ready
     * @param pageSize most items of one page of a list
     */
    public record Identity(
            @JsonProperty("region") String region,
            @JsonProperty("zone") String zone,
            @JsonProperty("drainSeconds") int drainSeconds,
            @JsonProperty("drainNotice") Duration drainNotice,
            @JsonProperty("pageSize") int pageSize) {
        public Identity {
            place("node.region", region);
            place("node.zone", zone);
            if (drainSeconds < 0 || drainSeconds > 3600) {
                throw new IllegalArgumentException("node.drainSeconds must be 0 to 3600, got " + drainSeconds);
            }
            if (drainNotice.isNegative() || drainNotice.compareTo(Duration.ofMinutes(10)) > 0) {
                throw new IllegalArgumentException("node.drainNotice must be 0s to 10m, got " + drainNotice);
            }
            if (pageSize < 1 || pageSize > 10_000) {
                throw new IllegalArgumentException("node.pageSize must be 1 to 10000, got " + pageSize);
            }
        }
    }

    private static void place(String key, String value) {
        if (!value.matches("[a-z0-9-]{1,32}")) {
            throw new IllegalArgumentException(key + " must match [a-z0-9-]{1,32}, got \"" + value + "\"");
        }
    }

    /** What is wrong with blocks that do not fit together. */
    List<String> problems() {
        if (!cluster.enabled()) {
            return List.of();
        }
        var problems = new ArrayList<String>();
        if (store.kind() != StoreConfig.Kind.REDIS) {
            problems.add("store.kind must be redis when cluster.enabled is true, got "
                    + store.kind().word() + ": all nodes of a cluster share what they keep");
        }
        return problems;
    }

    /** The same node on other ports. */
    public NodeConfig with(IngressConfig dataPlane, ControlConfig controlPlane) {
        return new NodeConfig(
                node,
                cluster,
                router,
                dataPlane,
                controlPlane,
                store,
                vault,
                blobs,
                sessions,
                modern,
                runtime,
                js,
                audit);
    }

    /**
     * What the node keeps, block {@code store:}: a {@link StoreConfig}, and the settings of what keeps state elsewhere.
     *
     * @param redis used if {@code kind} is {@link StoreConfig.Kind#REDIS}
     */
    public record Store(
            @JsonProperty("dataDir") Path dataDir,
            @JsonProperty("kind") StoreConfig.Kind kind,
            @JsonProperty("redis") RedisConfig redis,
            @JsonProperty("queue") int queue,
            @JsonProperty("readers") int readers,
            @JsonProperty("bounds") StateBounds bounds,
            @JsonProperty("packages") PackageLimits packages) {
        public Store {
            var _ = new StoreConfig(dataDir, kind, queue, readers, bounds, packages); // or throws
        }

        static Store of(StoreConfig config, RedisConfig redis) {
            return new Store(
                    config.dataDir(),
                    config.kind(),
                    redis,
                    config.queue(),
                    config.readers(),
                    config.bounds(),
                    config.packages());
        }

        StoreConfig stores() {
            return new StoreConfig(dataDir, kind, queue, readers, bounds, packages);
        }
    }

    /** What a node has whose configuration says nothing. */
    public static NodeConfig defaults(Path data, Path runner) {
        return new NodeConfig(
                new Identity("local", "local", 10, Duration.ofSeconds(2), 500),
                ClusterConfig.DEFAULT,
                RouterConfig.DEFAULT,
                IngressConfig.DEFAULT,
                ControlConfig.defaults(data.resolve("uploads")),
                Store.of(
                        StoreConfig.defaults(data),
                        RedisConfig.of(RedisConfig.Mode.STANDALONE, List.of("127.0.0.1:6379"), null)),
                VaultConfig.DEFAULT,
                BlobConfig.DEFAULT,
                SessionConfig.DEFAULT,
                ModernConfig.DEFAULT,
                RuntimeConfig.DEFAULT,
                JsConfig.of(runner),
                AuditConfig.defaults(data));
    }
}
