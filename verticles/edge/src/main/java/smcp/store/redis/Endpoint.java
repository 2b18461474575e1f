package smcp.store.redis;

import java.util.regex.Pattern;
import smcp.tenant.Shown;

/** Where a server listens. */
record Endpoint(String host, int port) {
    private static final Pattern SHAPE = Pattern.compile("(\\[[0-9a-fA-F:.%]+]|[^\\s:\\[\\]/@]+):([0-9]{1,5})");

    /** @throws IllegalArgumentException unless {@code text} is {@code host:port} or {@code [IPv6]:port} */
    static Endpoint parse(String text) {
        var match = SHAPE.matcher(text);
        if (!match.matches()) {
            throw wrong(text);
        }
        var port = Integer.parseInt(match.group(2));
        if (port < 1 || port > 65_535) {
            throw wrong(text);
        }
        return new Endpoint(match.group(1).replaceAll("[\\[\\]]", ""), port);
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "store.redis.endpoints must each be host:port, without user or password, got \"" + Shown.of(text)
                        + "\"");
    }

    String uri(boolean tls) {
        return (tls ? "rediss://" : "redis://") + this;
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
