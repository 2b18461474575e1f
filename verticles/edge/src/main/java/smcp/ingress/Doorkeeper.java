package smcp.ingress;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.tenant.Shown;

/** Whose names a request may use: {@code Host} keeps a page that has rebound its name from reaching a node, {@code Origin} keeps pages of others out (digest §3.4). */
final class Doorkeeper {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Set<String> hosts = new HashSet<>(LOOPBACK);
    private final Set<String> origins = new HashSet<>();

    Doorkeeper(IngressConfig config) {
        config.hosts().forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
        config.origins().forEach(origin -> origins.add(normal(origin)));
        var publicUrl = config.publicUrl();
        if (publicUrl != null && publicUrl.getHost() != null) {
            hosts.add(publicUrl.getHost().toLowerCase(Locale.ROOT));
            origins.add(normal(publicUrl.getScheme() + "://" + publicUrl.getRawAuthority()));
        }
    }

    /** @param authority {@code Host} or {@code :authority}, with its port if it has one */
    @Nullable
    Fault checkHost(@Nullable String authority) {
        if (authority == null) {
            return new Fault(Kind.HOST_REFUSED, "the Host header is missing");
        }
        return hosts.contains(hostOf(authority))
                ? null
                : new Fault(
                        Kind.HOST_REFUSED,
                        "host \"" + Shown.of(authority)
                                + "\" is not served here: the operator adds it under ingress.hosts");
    }

    @Nullable
    Fault checkOrigin(@Nullable String origin, @Nullable String authority) {
        if (origin == null || allowed(origin, authority)) {
            return null;
        }
        return new Fault(
                Kind.ORIGIN_REFUSED,
                "origin \"" + Shown.of(origin) + "\" may not call: the operator adds it under ingress.origins");
    }

    private boolean allowed(String origin, @Nullable String authority) {
        if (origins.contains(normal(origin))) {
            return true;
        }
        try {
            var uri = new URI(origin);
            return authority != null
                    && uri.getScheme() != null
                    && (uri.getScheme().equalsIgnoreCase("http")
                            || uri.getScheme().equalsIgnoreCase("https"))
                    && authority.equalsIgnoreCase(uri.getRawAuthority());
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Scheme and host have no case (RFC 6454 §4); the port stays as it is. */
    private static String normal(String origin) {
        return origin.strip().toLowerCase(Locale.ROOT);
    }

    private static String hostOf(String authority) {
        var end = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
        return (end > 0 ? authority.substring(0, end) : authority).toLowerCase(Locale.ROOT);
    }
}
