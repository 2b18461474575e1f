package smcp.control;

import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Versioned;
import smcp.tenant.Shown;

/**
 * {@code If-Match} and {@code If-None-Match} (RFC 9110 §13.1). A PUT of a record says with one of them whether it means to create or to change, so that nobody overwrites what he has not seen.
 *
 * @param create true for {@code If-None-Match: *}
 * @param revision of {@code If-Match}; null if there is none, or it is {@code *}
 * @param change true for any {@code If-Match}
 */
record Conditions(boolean create, boolean change, @Nullable Long revision) {
    private static final Pattern ETAG = Pattern.compile("\"(\\d{1,18})\"");

    static Conditions of(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
        if (ifNoneMatch != null && !ifNoneMatch.equals("*")) {
            throw BadInput.of("If-None-Match", "If-None-Match must be *, got \"" + Shown.of(ifNoneMatch) + "\"");
        }
        if (ifNoneMatch != null && ifMatch != null) {
            throw BadInput.of("If-Match", "If-Match and If-None-Match exclude each other");
        }
        return new Conditions(ifNoneMatch != null, ifMatch != null, ifMatch == null ? null : revision(ifMatch));
    }

    static String etag(Versioned<?> record) {
        return "\"" + record.revision() + "\"";
    }

    private static @Nullable Long revision(String ifMatch) {
        if (ifMatch.equals("*")) {
            return null;
        }
        var matcher = ETAG.matcher(ifMatch);
        if (!matcher.matches()) {
            throw BadInput.of(
                    "If-Match", "If-Match must be an ETag of this API or *, got \"" + Shown.of(ifMatch) + "\"");
        }
        return Long.valueOf(matcher.group(1));
    }

    /** @throws Fault if neither is said */
    void mustBeSaid() {
        if (!create && !change) {
            throw BadInput.of(
                    "If-Match", "say If-None-Match: * to create, or If-Match with the record's ETag to change it");
        }
    }

    /** @throws Fault {@link Kind#CONFLICT} if {@code record} is not the one meant */
    void check(String what, Versioned<?> record) {
        if (revision != null && !Objects.equals(revision, record.revision())) {
            throw new Fault(
                    Kind.CONFLICT,
                    what + " is at revision " + record.revision() + ", not " + revision + ": read it again first");
        }
    }
}
