package smcp.contract;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** W3C Trace Context, level 1: the {@code traceparent} of the header, or else of {@code _meta}. */
public record TraceContext(String traceparent) {
    private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    /** Null if there is none or it is malformed: a broken trace breaks no call. */
    public static @Nullable TraceContext of(@Nullable String traceparent) {
        return traceparent != null
                        && traceparent.length() == 55
                        && SHAPE.matcher(traceparent).matches()
                ? new TraceContext(traceparent)
                : null;
    }
}
