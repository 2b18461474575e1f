package smcp.control;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Host names as they are written in configuration and {@code Host} headers. Looks nothing up: an answer of DNS is what a rebinding attack controls. */
final class HostNames {
    private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.\\d{1,3}){3}");

    private HostNames() {}

    /** Lower case, without the brackets of an IPv6 literal. */
    static String bare(String host) {
        var name = host.toLowerCase(Locale.ROOT);
        return name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
    }

    static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.equals("::1")
                || LOOPBACK_V4.matcher(host).matches();
    }

    /** May a request with this {@code Host} (the part before the port) be answered? */
    static boolean allowed(@Nullable String host, ControlConfig config) {
        if (host == null) {
            return false;
        }
        var name = bare(host);
        return isLoopback(name)
                || name.equals(config.host())
                || config.allowedHosts().contains(name);
    }
}
