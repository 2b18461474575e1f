package smcp.runner;

import org.jspecify.annotations.Nullable;

/** What one request does. */
interface Operation {
    /** The result object. */
    byte[] perform(RunningCall call) throws Exception;

    /** The result for a throw of tenant code, or null if it is a JSON-RPC error. */
    default byte @Nullable [] thrown(Throwable cause) {
        return null;
    }

    /** What a client is told of an exception: its message, never its stack. */
    static String messageOf(Throwable cause) {
        var message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }
}
