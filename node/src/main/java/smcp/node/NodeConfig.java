package smcp.node;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import smcp.audit.AuditConfig;
import smcp.control.ControlConfig;
import smcp.engine.JsConfig;
import smcp.ingress.IngressConfig;
import smcp.modern.ModernConfig;
import smcp.runtime.RuntimeConfig;
import smcp.session.SessionConfig;
import smcp.store.StoreConfig;
import smcp.vault.VaultConfig;

/** The whole configuration of a node: one block a feature, each a record of that feature. */
public record NodeConfig(
        @JsonProperty("node") Identity node,
        @JsonProperty("ingress") IngressConfig ingress,
        @JsonProperty("control") ControlConfig control,
        @JsonProperty("store") StoreConfig store,
        @JsonProperty("vault") VaultConfig vault,
        @JsonProperty("sessions") SessionConfig sessions,
        @JsonProperty("modern") ModernConfig modern,
        @JsonProperty("runtime") RuntimeConfig runtime,
        @JsonProperty("js") JsConfig js,
        @JsonProperty("audit") AuditConfig audit) {

    /**
     * Who this node is, block {@code node:}.
     *
     * @param region where it stands; versions may be given to one region only
     * @param drainSeconds how long calls in flight may take to end when the node is stopped
     * @param pageSize most items of one page of a list
     */
    public record Identity(
            @JsonProperty("region") String region,
            @JsonProperty("drainSeconds") int drainSeconds,
            @JsonProperty("pageSize") int pageSize) {
        public Identity {
            if (!region.matches("[a-z0-9-]{1,32}")) {
                throw new IllegalArgumentException("node.region must match [a-z0-9-]{1,32}, got \"" + region + "\"");
            }
            if (drainSeconds < 0 || drainSeconds > 3600) {
                throw new IllegalArgumentException("node.drainSeconds must be 0 to 3600, got " + drainSeconds);
            }
            if (pageSize < 1 || pageSize > 10_000) {
                throw new IllegalArgumentException("node.pageSize must be 1 to 10000, got " + pageSize);
            }
        }
    }

    /** The same node on other ports. */
    public NodeConfig with(IngressConfig dataPlane, ControlConfig controlPlane) {
        return new NodeConfig(node, dataPlane, controlPlane, store, vault, sessions, modern, runtime, js, audit);
    }

    /** What a node has whose configuration says nothing. */
    public static NodeConfig defaults(Path data, Path runner) {
        return new NodeConfig(
                new Identity("local", 10, 500),
                IngressConfig.DEFAULT,
                ControlConfig.defaults(data.resolve("uploads")),
                StoreConfig.defaults(data),
                VaultConfig.DEFAULT,
                SessionConfig.DEFAULT,
                ModernConfig.DEFAULT,
                RuntimeConfig.DEFAULT,
                JsConfig.of(runner),
                AuditConfig.defaults(data));
    }
}
