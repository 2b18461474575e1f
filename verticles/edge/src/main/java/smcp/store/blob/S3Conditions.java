package smcp.store.blob;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import smcp.contract.BlobStore.Condition;

/**
 * Which conditional writes the server honours. Some ignore the headers and write: then the condition is refused here, because an unsafe write is worse than none.
 *
 * @param known what was seen to be refused when it had to be
 * @param tried false until the server could be asked
 */
record S3Conditions(Set<Honoured> known, boolean tried) {
    static final S3Conditions UNKNOWN = new S3Conditions(Set.of(), false);

    /** A header on a request. */
    enum Honoured {
        PUT_ABSENT,
        PUT_MATCHES,
        COMPLETE_ABSENT,
        COMPLETE_MATCHES
    }

    /** How a blob goes in. */
    enum Size {
        SMALL,
        LARGE
    }

    S3Conditions {
        known = Set.copyOf(known);
    }

    void check(Condition condition, Size size, S3Faults faults) {
        var large = size == Size.LARGE;
        var needed = switch (condition) {
            case Condition.Always _ -> null;
            case Condition.Absent _ -> large ? Honoured.COMPLETE_ABSENT : Honoured.PUT_ABSENT;
            case Condition.Matches _ -> large ? Honoured.COMPLETE_MATCHES : Honoured.PUT_MATCHES;
        };
        if (needed != null && !tried) {
            throw faults.unavailable(
                    "PutObject", "the server was away when this node started, and is being asked what it can");
        }
        if (needed != null && !known.contains(needed)) {
            throw faults.unavailable(
                    large ? "CompleteMultipartUpload" : "PutObject",
                    "the server ignores " + (condition instanceof Condition.Absent ? "If-None-Match" : "If-Match")
                            + " there, so this conditional write would be unsafe and is refused: use a server that has conditional writes");
        }
    }

    static @Nullable String ifNoneMatch(Condition condition) {
        return condition instanceof Condition.Absent ? "*" : null;
    }

    static @Nullable String ifMatch(Condition condition) {
        return condition instanceof Condition.Matches(var etag) ? "\"" + etag + "\"" : null;
    }

    /** Without the quotes of HTTP (RFC 9110 §8.8.3). */
    static String bare(@Nullable String etag) {
        var text = etag == null ? "" : etag;
        return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
    }
}
