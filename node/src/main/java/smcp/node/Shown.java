package smcp.node;

/** How addresses are printed for a person. */
final class Shown {
    private Shown() {}

    /** An address that can be opened: a wildcard is shown as loopback, IPv6 in brackets. */
    static String host(String host) {
        return switch (host) {
            case "0.0.0.0", "::" -> "127.0.0.1";
            default -> host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        };
    }
}
