package smcp.store.redis;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import smcp.store.Bounds;
import smcp.tenant.Shown;

/**
 * The Redis that a cluster of nodes shares, block {@code store.redis:} of the node's configuration.
 *
 * @param mode how the servers stand to each other
 * @param endpoints {@code host:port}: of the one server, of the sentinels, or of some nodes of the Redis Cluster
 * @param master name the sentinels know the master by; for {@link Mode#SENTINEL} only
 * @param login to the servers; null: none
 * @param sentinelLogin to the sentinels; null: none
 * @param tls null: plain TCP
 * @param prefix of every key, so that several platforms can share a server
 * @param limits of time and number
 * @param registry what a write of the registry waits for
 * @param durability what is done about a server that keeps less than it should
 */
public record RedisConfig(
        @JsonProperty(value = "mode", required = true) Mode mode,
        @JsonProperty(value = "endpoints", required = true) List<String> endpoints,
        @JsonProperty("master") @Nullable String master,
        @JsonProperty("login") @Nullable Login login,
        @JsonProperty("sentinelLogin") @Nullable Login sentinelLogin,
        @JsonProperty("tls") @Nullable Tls tls,
        @JsonProperty(value = "prefix", required = true) String prefix,
        @JsonProperty(value = "limits", required = true) Limits limits,
        @JsonProperty(value = "registry", required = true) Registry registry,
        @JsonProperty(value = "durability", required = true) Required durability) {
    private static final Pattern PREFIX = Pattern.compile("[a-zA-Z0-9_.-]{1,64}");
    private static final int MOST_ENDPOINTS = 64;

    /** How the servers stand to each other. */
    public enum Mode {
        /** One server, or an address that always leads to the master. */
        STANDALONE,
        /** A master and replicas, watched by Redis Sentinel. */
        SENTINEL,
        /** Redis Cluster. */
        CLUSTER;

        @JsonCreator
        static Mode parse(String text) {
            return oneOf(values(), "store.redis.mode", text);
        }

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What is done about a server that keeps less than it should. */
    public enum Required {
        /** It is refused when the node starts. */
        REQUIRE,
        /** It is used, and the log says what can be lost. */
        ACCEPT;

        @JsonCreator
        static Required parse(String text) {
            return oneOf(values(), "store.redis.durability", text);
        }

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Who the node is to Redis. The password itself never stands in a configuration. It is read again for each connection, so that it can be changed while the node runs.
     *
     * @param user null: Redis' own {@code default}
     * @param passwordFile a file that holds nothing but the password
     * @param passwordEnv a variable of the environment that holds it
     */
    public record Login(
            @JsonProperty("user") @Nullable String user,
            @JsonProperty("passwordFile") @Nullable Path passwordFile,
            @JsonProperty("passwordEnv") @Nullable String passwordEnv) {
        public Login {
            if ((passwordFile == null) == (passwordEnv == null)) {
                throw new IllegalArgumentException("a login to Redis must have either passwordFile or passwordEnv, got "
                        + (passwordFile == null ? "neither" : "both"));
            }
        }
    }

    /**
     * TLS to servers and sentinels.
     *
     * @param caFile PEM; null: the authorities that the JDK trusts
     * @param certFile PEM, this node's own certificate; null: none is shown
     * @param keyFile PEM, the key of {@code certFile}
     */
    public record Tls(
            @JsonProperty("caFile") @Nullable Path caFile,
            @JsonProperty("certFile") @Nullable Path certFile,
            @JsonProperty("keyFile") @Nullable Path keyFile) {
        public Tls {
            if ((certFile == null) != (keyFile == null)) {
                throw new IllegalArgumentException("store.redis.tls must have both certFile and keyFile, or neither");
            }
        }
    }

    /**
     * Bounds of what this node asks of Redis.
     *
     * @param connections to each server, beside those of the registry
     * @param connectMillis how long making a connection may take
     * @param commandMillis how long an answer may take, connecting included
     * @param waiting most commands under way; what is beyond is refused
     * @param waitingBytes most bytes of commands under way
     */
    public record Limits(
            @JsonProperty(value = "connections", required = true)
            int connections,

            @JsonProperty(value = "connectMillis", required = true)
            int connectMillis,

            @JsonProperty(value = "commandMillis", required = true)
            int commandMillis,

            @JsonProperty(value = "waiting", required = true)
            int waiting,

            @JsonProperty(value = "waitingBytes", required = true)
            long waitingBytes) {
        public static final Limits DEFAULT = new Limits(2, 2_000, 5_000, 8_192, 256L << 20);

        public Limits {
            Bounds.between("store.redis.limits.connections", connections, 1, 64);
            Bounds.between("store.redis.limits.connectMillis", connectMillis, 10, 60_000);
            Bounds.between("store.redis.limits.commandMillis", commandMillis, 10, 60_000);
            Bounds.between("store.redis.limits.waiting", waiting, 1, 1_000_000);
            Bounds.between("store.redis.limits.waitingBytes", waitingBytes, 64 << 20, 16L << 30);
        }
    }

    /**
     * What a write of the registry waits for before it is acknowledged ({@code WAIT}).
     *
     * @param waitReplicas replicas that must have it; 0: the master alone
     * @param waitMillis how long they may take
     */
    public record Registry(
            @JsonProperty(value = "waitReplicas", required = true)
            int waitReplicas,

            @JsonProperty(value = "waitMillis", required = true)
            int waitMillis) {
        public static final Registry DEFAULT = new Registry(0, 2_000);

        public Registry {
            Bounds.between("store.redis.registry.waitReplicas", waitReplicas, 0, 16);
            Bounds.between("store.redis.registry.waitMillis", waitMillis, 10, 60_000);
        }
    }

    public RedisConfig {
        endpoints = List.copyOf(endpoints);
        Bounds.between("the number of store.redis.endpoints", endpoints.size(), 1, MOST_ENDPOINTS);
        for (var endpoint : endpoints) {
            var _ = Endpoint.parse(endpoint); // or throws
        }
        if (mode == Mode.STANDALONE && endpoints.size() > 1) {
            throw new IllegalArgumentException("store.redis.endpoints must be one for the mode standalone, got "
                    + endpoints.size() + ": " + endpoints);
        }
        if ((mode == Mode.SENTINEL) != (master != null)) {
            throw new IllegalArgumentException(
                    "store.redis.master must be given for the mode sentinel, and for no other");
        }
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "store.redis.prefix must match " + PREFIX + ", got \"" + Shown.of(prefix) + "\"");
        }
    }

    /** A server or cluster without passwords, all settings as they are by default. */
    public static RedisConfig of(Mode mode, List<String> endpoints, @Nullable String master) {
        return new RedisConfig(
                mode, endpoints, master, null, null, null, "smcp", Limits.DEFAULT, Registry.DEFAULT, Required.REQUIRE);
    }

    List<Endpoint> parsedEndpoints() {
        return endpoints.stream().map(Endpoint::parse).toList();
    }

    private static <E extends Enum<E>> E oneOf(E[] values, String field, String text) {
        var words = Arrays.stream(values)
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .toList();
        var at = words.indexOf(text);
        if (at < 0) {
            throw new IllegalArgumentException(
                    field + " must be one of " + String.join(", ", words) + ", got \"" + Shown.of(text) + "\"");
        }
        return values[at];
    }
}
