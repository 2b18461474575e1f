package smcp.store;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What a writer that is to be killed does, as a function of numbers alone, so that whoever looks at the store afterwards knows what may be there. The operations on one key are numbered and come one after the other; some of them remove the value.
 */
final class CrashPlan {
    /** Keys that are written at once. */
    static final int KEYS = 8;

    private static final int LONGEST = 300_000;
    private static final int REMOVE_EVERY = 7;

    private CrashPlan() {}

    static String key(int lane) {
        return "key-" + lane;
    }

    static boolean removes(long operation) {
        return operation % REMOVE_EVERY == 0;
    }

    /** What a key's value is after its operation; null if it has none then. Length and content follow from the number, so that half a value, or two halves, can be told. */
    static @Nullable Buffer value(int lane, long operation) {
        if (removes(operation)) {
            return null;
        }
        var random = new Random(operation * KEYS + lane);
        // mostly short; some longer than a page, and than what a store may cut into parts
        var bytes = new byte[random.nextInt(10) == 0 ? random.nextInt(LONGEST) : random.nextInt(2_000)];
        random.nextBytes(bytes);
        return Buffer.buffer((operation + "\n").getBytes(StandardCharsets.US_ASCII))
                .appendBytes(bytes);
    }

    /** The number of the operation that wrote a value. */
    static long operation(Buffer value) {
        var end = 0;
        while (value.getByte(end) != '\n') {
            end++;
        }
        return Long.parseLong(value.getString(0, end));
    }

    static String tenant(long n) {
        return "t" + n;
    }

    static String session(long n) {
        return "session-" + n;
    }

    static String state(long n) {
        return "state-" + n;
    }
}
