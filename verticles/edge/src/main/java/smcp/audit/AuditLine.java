package smcp.audit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import smcp.contract.Account.Outcome;
import smcp.protocol.Json;
import smcp.protocol.Splice;

/**
 * One line: a JSON object whose first member is {@code seq}, whose last is {@code mac}, and which holds no line break. The MAC is over the MAC of the line before and all of this line that stands before {@code ,"mac"}, so a line that was
 * changed, left out or moved breaks the chain at that place.
 */
final class AuditLine {
    private static final byte[] MAC = ",\"mac\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\"}".getBytes(StandardCharsets.US_ASCII);
    private static final int MAC_HEX = 64;
    private static final int TAIL = MAC.length + MAC_HEX + END.length;

    private AuditLine() {}

    static String word(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }

    static void text(Splice line, String key, String value) {
        key(line, key).putString(value);
    }

    static void number(Splice line, String key, long value) {
        key(line, key).put(value);
    }

    /** JSON that a client wrote, on one line: a raw line break can only stand between its tokens (RFC 8259 §7). */
    static void json(Splice line, String key, Json value) {
        var bytes = Arrays.copyOfRange(value.bytes(), value.from(), value.to());
        for (var i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n' || bytes[i] == '\r') {
                bytes[i] = ' ';
            }
        }
        key(line, key).put(bytes);
    }

    private static Splice key(Splice line, String key) {
        return line.put(',').putString(key).put(':');
    }

    /** What the MAC of an entry's line is over. */
    static Json body(long seq, AuditEntry entry) {
        var line = new Splice(512);
        line.put('{').putString("seq").put(':').put(seq);
        text(line, "at", Instant.ofEpochMilli(entry.at()).toString());
        text(line, "kind", entry.kind());
        entry.putTo(line);
        return line.json();
    }

    /** The whole line, with its line break. */
    static byte[] whole(Json body, byte[] mac) {
        var line = new Splice(body.length() + TAIL + 1);
        line.put(body).put(MAC).put(HexFormat.of().formatHex(mac).getBytes(StandardCharsets.US_ASCII));
        var json = line.put(END).put('\n').json();
        return Arrays.copyOfRange(json.bytes(), json.from(), json.to());
    }

    /** A line as it was found. */
    record Found(Json body, String mac) {}

    /** Null if {@code line} (without its break) does not end as a line of this log does. */
    static @Nullable Found parse(byte[] line) {
        var from = line.length - TAIL;
        if (from < 1
                || !Arrays.equals(line, from, from + MAC.length, MAC, 0, MAC.length)
                || !Arrays.equals(line, line.length - END.length, line.length, END, 0, END.length)) {
            return null;
        }
        var mac = new String(line, from + MAC.length, MAC_HEX, StandardCharsets.US_ASCII);
        return mac.matches("[0-9a-f]{64}") ? new Found(Json.slice(line, 0, from), mac) : null;
    }
}
