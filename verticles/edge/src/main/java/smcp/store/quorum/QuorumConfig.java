package smcp.store.quorum;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import smcp.store.Bounds;
import smcp.tenant.Shown;

/**
 * The members that keep the registry together, block {@code store.registry:} of the node's configuration; the same on each of them.
 *
 * @param members the names of the nodes and, for each, {@code host:port} at which the others reach its registry; an odd number is best, one alone is simply durable here
 * @param bind address to listen on; null: the host of this node's own entry
 * @param tls null: plain TCP, which is refused unless all members are on this machine
 * @param limits of time and number
 */
public record QuorumConfig(
        @JsonProperty(value = "members", required = true) Map<String, String> members,
        @JsonProperty("bind") @Nullable String bind,
        @JsonProperty("tls") @Nullable Tls tls,
        @JsonProperty(value = "limits", required = true) Limits limits) {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,64}");
    private static final int MOST_MEMBERS = 9;

    /**
     * Mutual TLS between the members: each shows its certificate, and takes no other's that {@code caFile} does not vouch for. A certificate must name the host that its node's entry names (RFC 9525 §6).
     *
     * @param caFile PEM
     * @param certFile PEM, this node's own certificate
     * @param keyFile PEM (PKCS #8), the key of {@code certFile}
     */
    public record Tls(
            @JsonProperty(value = "caFile", required = true) Path caFile,

            @JsonProperty(value = "certFile", required = true)
            Path certFile,

            @JsonProperty(value = "keyFile", required = true)
            Path keyFile) {}

    /**
     * Bounds of time and number.
     *
     * @param electionMillis silence of the leader after which, at the soonest, another is chosen; at the latest after twice that
     * @param commitMillis how long a commit may take
     * @param openMillis how long the start of a node waits for a majority before it goes on with what its disk has
     * @param waiting most commits under way on this node; what is beyond is refused
     * @param waitingBytes most bytes of commits under way
     * @param logBytes of the log after which a snapshot takes its place
     */
    public record Limits(
            @JsonProperty(value = "electionMillis", required = true)
            int electionMillis,

            @JsonProperty(value = "commitMillis", required = true)
            int commitMillis,

            @JsonProperty(value = "openMillis", required = true)
            int openMillis,

            @JsonProperty(value = "waiting", required = true)
            int waiting,

            @JsonProperty(value = "waitingBytes", required = true)
            long waitingBytes,

            @JsonProperty(value = "logBytes", required = true)
            long logBytes) {
        public static final Limits DEFAULT = new Limits(600, 5_000, 10_000, 4_096, 256L << 20, 64L << 20);

        public Limits {
            Bounds.between("store.registry.limits.electionMillis", electionMillis, 100, 10_000);
            Bounds.between("store.registry.limits.commitMillis", commitMillis, 500, 60_000);
            Bounds.between("store.registry.limits.openMillis", openMillis, 100, 600_000);
            Bounds.between("store.registry.limits.waiting", waiting, 1, 100_000);
            Bounds.between("store.registry.limits.waitingBytes", waitingBytes, 64 << 20, 16L << 30);
            Bounds.between("store.registry.limits.logBytes", logBytes, 1 << 20, 16L << 30);
        }
    }

    public QuorumConfig {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        Bounds.between("the number of store.registry.members", members.size(), 1, MOST_MEMBERS);
        for (var member : members.entrySet()) {
            if (!NAME.matcher(member.getKey()).matches()) {
                throw new IllegalArgumentException("a name in store.registry.members must match " + NAME + ", got \""
                        + Shown.of(member.getKey()) + "\"");
            }
            var address = Address.parse(member.getValue());
            if (tls == null && !address.isOfThisMachine()) {
                throw new IllegalArgumentException("store.registry.tls must be given, because member " + member.getKey()
                        + " is not on this machine: " + address);
            }
        }
        if (members.values().stream().distinct().count() < members.size()) {
            throw new IllegalArgumentException(
                    "store.registry.members must each have an address of its own: " + members);
        }
    }

    /** Members with all settings as they are by default. */
    public static QuorumConfig of(Map<String, String> members, @Nullable Tls tls) {
        return new QuorumConfig(members, null, tls, Limits.DEFAULT);
    }

    Address address(String name) {
        var address = members.get(name);
        if (address == null) {
            throw new IllegalArgumentException("store.registry.members must name this node, \"" + Shown.of(name)
                    + "\"; it has " + members.keySet());
        }
        return Address.parse(address);
    }

    /** How many are enough. */
    int majority() {
        return members.size() / 2 + 1;
    }

    /** Where a member listens. */
    record Address(String host, int port) {
        private static final Pattern SHAPE = Pattern.compile("(\\[[0-9a-fA-F:.%]+]|[^\\s:\\[\\]/@]+):([0-9]{1,5})");

        static Address parse(String text) {
            var match = SHAPE.matcher(text);
            var port = match.matches() ? Integer.parseInt(match.group(2)) : 0;
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException(
                        "store.registry.members must each have an address host:port, got \"" + Shown.of(text) + "\"");
            }
            return new Address(match.group(1).replaceAll("[\\[\\]]", ""), port);
        }

        boolean isOfThisMachine() {
            if (!host.equals("localhost") && host.chars().allMatch(c -> c != '.' && c != ':')) {
                return false;
            }
            try {
                return host.equals("localhost")
                        || (host.matches("[0-9.]+|.*:.*")
                                && InetAddress.getByName(host).isLoopbackAddress());
            } catch (UnknownHostException e) {
                return false;
            }
        }

        @Override
        public String toString() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }
}
