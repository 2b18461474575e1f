package smcp.store;

import io.vertx.core.buffer.Buffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.contract.ValueStore;
import smcp.contract.ValueStore.Size;
import smcp.contract.ValueStore.Write;

/** What every store of values refuses, in the same words, and what their keys are as bytes. */
public final class ValueChecks {
    /** Stands for "never" where an end of life is a number. */
    public static final long NEVER = Long.MAX_VALUE;

    private ValueChecks() {}

    /** A key in UTF-8. */
    public static byte[] key(String key) {
        if (key.isEmpty()) {
            throw invalid("key must have 1 to " + ValueStore.LONGEST_KEY + " bytes in UTF-8, got none");
        }
        return bytes("key", key);
    }

    /** A prefix in UTF-8; it may be empty. */
    public static byte[] prefix(String prefix) {
        return bytes("prefix", prefix);
    }

    /** Where a list goes on, in UTF-8: the last key of the page before. */
    public static byte[] after(String after) {
        return bytes("cursor", after);
    }

    private static byte[] bytes(String what, String text) {
        if (text.length() <= ValueStore.LONGEST_KEY) {
            try {
                var encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
                if (encoded.remaining() <= ValueStore.LONGEST_KEY) {
                    var bytes = new byte[encoded.remaining()];
                    encoded.get(bytes);
                    return bytes;
                }
            } catch (CharacterCodingException e) {
                throw invalid(what + " must not hold half a surrogate pair: " + Text.shown(text));
            }
        }
        throw invalid(what + " must have at most " + ValueStore.LONGEST_KEY + " bytes in UTF-8, got more: "
                + Text.shown(text));
    }

    /** The key that {@link #key} made these bytes of. */
    public static String text(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }

    /** The first bytes that are greater than whatever begins with {@code prefix}: no byte of UTF-8 is above F4. */
    public static byte[] beyond(byte[] prefix) {
        if (prefix.length == 0) {
            return new byte[] {(byte) 0xff};
        }
        var beyond = prefix.clone();
        beyond[beyond.length - 1]++;
        return beyond;
    }

    public static void value(Buffer value) {
        if (value.length() > ValueStore.LONGEST_STORED) {
            throw invalid("value must have at most " + ValueStore.LONGEST_STORED + " bytes, got " + value.length());
        }
    }

    public static void write(Write how) {
        if (how.expected() < ValueStore.ANY) {
            throw invalid("expected version must be " + ValueStore.ANY + " or more, got " + how.expected());
        }
        var life = how.life();
        if (life != null
                && (life.compareTo(ValueStore.SHORTEST_LIFE) < 0 || life.compareTo(ValueStore.LONGEST_LIFE) > 0)) {
            throw invalid(
                    "life must be " + ValueStore.SHORTEST_LIFE + " to " + ValueStore.LONGEST_LIFE + ", got " + life);
        }
    }

    public static void most(int most) {
        if (most < 1 || most > ValueStore.MOST_KEYS) {
            throw invalid("a page must have 1 to " + ValueStore.MOST_KEYS + " keys, got " + most);
        }
    }

    /** @param stored version of the value that is there; {@link ValueStore#ABSENT} if there is none */
    public static void expected(String key, long stored, long expected) {
        if (expected != ValueStore.ANY && expected != stored) {
            throw new Fault(
                    Fault.Kind.CONFLICT,
                    "key " + Text.shown(key)
                            + (stored == ValueStore.ABSENT ? " has no value" : " is at version " + stored)
                            + (expected == ValueStore.ABSENT ? ", expected none" : ", expected version " + expected));
        }
    }

    /** @param after what the tenant would have */
    public static void quota(Size after, Size most) {
        if (after.entries() > most.entries()) {
            throw quota("keys", after.entries(), most.entries());
        }
        if (after.bytes() > most.bytes()) {
            throw quota("bytes of keys and values", after.bytes(), most.bytes());
        }
    }

    private static Fault quota(String what, long would, long most) {
        return new Fault(
                Fault.Kind.QUOTA,
                "the tenant may have " + most + " " + what + ", with this write it would have " + would);
    }

    /** The end of a life in milliseconds of the epoch; {@link #NEVER} without one. */
    public static long expires(Instant now, @Nullable Duration life) {
        return life == null ? NEVER : now.plus(life).toEpochMilli();
    }

    /** An end of life as a number; {@link #NEVER} without one. */
    public static long expires(@Nullable Instant end) {
        return end == null ? NEVER : end.toEpochMilli();
    }

    public static @Nullable Instant expires(long millis) {
        return millis == NEVER ? null : Instant.ofEpochMilli(millis);
    }

    private static Fault invalid(String message) {
        return new Fault(Fault.Kind.INVALID_INPUT, message);
    }
}
