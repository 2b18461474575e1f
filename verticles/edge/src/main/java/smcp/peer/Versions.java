package smcp.peer;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import smcp.tenant.Shown;

/** Versions of the protocol that a program talks, oldest to newest. Two programs talk the newest that both know. */
record Versions(int oldest, int newest) {
    static final Versions OURS = new Versions(1, 1);

    private static final Pattern SHAPE = Pattern.compile("([0-9]{1,4})-([0-9]{1,4})");

    /** The version that both talk; 0 if there is none. */
    int common(Versions other) {
        var version = Math.min(newest, other.newest);
        return version >= Math.max(oldest, other.oldest) ? version : 0;
    }

    boolean has(@Nullable String version) {
        if (version == null || version.isEmpty() || version.length() > 4) {
            return false;
        }
        for (var i = 0; i < version.length(); i++) {
            if (version.charAt(i) < '0' || version.charAt(i) > '9') {
                return false;
            }
        }
        var number = Integer.parseInt(version);
        return number >= oldest && number <= newest;
    }

    /** @throws Malformed if it is no range */
    static Versions parse(@Nullable String text) {
        var match = SHAPE.matcher(text == null ? "" : text);
        if (!match.matches()) {
            throw new Malformed("smcp-peer must be a range of versions as 1-1, got \""
                    + Shown.of(text == null ? "nothing" : text) + "\"");
        }
        return new Versions(Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2)));
    }

    /** As it stands in the header of a hello. */
    @Override
    public String toString() {
        return oldest + "-" + newest;
    }
}
