package smcp.cluster;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import smcp.tenant.Shown;

/** The one address on which a node is there for the others. Never all addresses: the others must be told one, and membership has no business on the others' side of a machine. */
final class BindHost {
    private static final String FIELD = "cluster.host";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})|[0-9a-fA-F:.]{2,45}");
    private static final Pattern NETWORK = Pattern.compile("([0-9a-fA-F:.]{2,45})/([0-9]{1,3})");

    private BindHost() {}

    /** Is it written as it must be? Asks nobody. */
    static void check(String host) {
        var network = NETWORK.matcher(host);
        if (network.matches()) {
            var bits = Integer.parseInt(network.group(2));
            if (bits <= literal(host, network.group(1)).getAddress().length * Byte.SIZE) {
                return;
            }
        } else if (NAME.matcher(host).matches()) {
            return;
        }
        throw wrong(host);
    }

    /** Blocks: may ask the resolver. */
    static InetAddress resolve(ClusterConfig config) throws IOException {
        var address = address(config.host());
        if (address.isAnyLocalAddress()) {
            throw new IllegalArgumentException(
                    FIELD + " must be one address of this machine, because the other nodes are told it, got "
                            + config.host() + "; a network such as 10.0.0.0/8 picks one");
        }
        if (!config.insecurePublicHazelcast() && !isPrivate(address)) {
            throw new IllegalArgumentException(
                    FIELD + " must be a private or loopback address, got " + config.host()
                            + (config.host().equals(address.getHostAddress())
                                    ? ""
                                    : " (" + address.getHostAddress() + ")")
                            + ": Hazelcast's port has neither TLS nor authentication; cluster.insecurePublicHazelcast: true takes it nevertheless");
        }
        return address;
    }

    /** Loopback, link-local, RFC 1918, RFC 4193 (fc00::/7) and the shared space of RFC 6598 (100.64.0.0/10). */
    static boolean isPrivate(InetAddress address) {
        if (address.isLoopbackAddress() || address.isLinkLocalAddress() || address.isSiteLocalAddress()) {
            return true;
        }
        var bytes = address.getAddress();
        return address instanceof Inet6Address
                ? (bytes[0] & 0xfe) == 0xfc
                : (bytes[0] & 0xff) == 100 && (bytes[1] & 0xc0) == 64;
    }

    private static InetAddress address(String host) throws IOException {
        var network = NETWORK.matcher(host);
        if (!network.matches()) {
            try {
                return InetAddress.getByName(host);
            } catch (UnknownHostException e) {
                throw new IOException(FIELD + " must be an address of this machine; nobody knows the name " + host, e);
            }
        }
        var wanted = literal(host, network.group(1)).getAddress();
        var bits = Integer.parseInt(network.group(2));
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> isIn(address.getAddress(), wanted, bits))
                .findFirst()
                .orElseThrow(() -> new IOException(
                        FIELD + " must be a network in which this machine has an address, got " + host));
    }

    private static boolean isIn(byte[] address, byte[] network, int bits) {
        if (address.length != network.length) {
            return false;
        }
        for (var bit = 0; bit < bits; bit++) {
            var mask = 0x80 >> (bit % Byte.SIZE);
            if ((address[bit / Byte.SIZE] & mask) != (network[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static InetAddress literal(String host, String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException _) {
            throw wrong(host);
        }
    }

    private static IllegalArgumentException wrong(String host) {
        return new IllegalArgumentException(
                FIELD + " must be an address, a name, or a network such as 10.0.0.0/8, got \"" + Shown.of(host) + "\"");
    }
}
