package smcp.cluster;

import java.util.regex.Pattern;
import smcp.tenant.Shown;

/**
 * Where a node listens.
 *
 * @param host name or address, without brackets
 */
record HostPort(String host, int port) {
    private static final Pattern SHAPE =
            Pattern.compile("(?:\\[([0-9a-fA-F:.%]{2,64})]|([^\\s:\\[\\]/@]{1,253}))(?::([0-9]{1,5}))?");

    /**
     * @param field names the setting in the failure
     * @param otherwise the port if {@code text} names none
     */
    static HostPort parse(String field, String text, int otherwise) {
        var match = SHAPE.matcher(text);
        var port = !match.matches() ? 0 : match.group(3) == null ? otherwise : Integer.parseInt(match.group(3));
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException(
                    field + " must be host, host:port or [IPv6]:port, got \"" + Shown.of(text) + "\"");
        }
        return new HostPort(match.group(1) != null ? match.group(1) : match.group(2), port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
