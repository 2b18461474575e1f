package smcp.audit;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * Settings of the audit log, block {@code audit:} of the node's configuration.
 *
 * @param directory of this node alone
 * @param whenFull what happens to calls and admin actions that cannot be recorded
 * @param sync longest time a record of a call may be in the operating system's hands only; admin actions are on the disk before they are answered
 * @param fileBytes length at which the next file begins
 * @param files that are kept; the oldest goes first, and the log says so
 * @param queue records that may wait for the disk
 */
public record AuditConfig(
        @JsonProperty("directory") Path directory,
        @JsonProperty("whenFull") WhenFull whenFull,
        @JsonProperty("sync") Duration sync,
        @JsonProperty("fileBytes") long fileBytes,
        @JsonProperty("files") int files,
        @JsonProperty("queue") int queue) {

    /** What happens to what cannot be recorded. */
    public enum WhenFull {
        /** It does not happen. */
        REFUSE,
        /** It happens, and the log says later how many records are missing. */
        SERVE;

        @JsonCreator
        static WhenFull parse(String word) {
            return Arrays.stream(values())
                    .filter(value -> value.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "audit.whenFull must be one of refuse, serve, got \"" + word + "\""));
        }

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public AuditConfig {
        if (sync.isNegative() || sync.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("audit.sync must be 0s to 1m, got " + sync);
        }
        between("audit.fileBytes", fileBytes, 1 << 12, 1L << 34);
        between("audit.files", files, 2, 100_000);
        between("audit.queue", queue, 16, 1_000_000);
    }

    private static void between(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(key + " must be " + least + " to " + most + ", got " + value);
        }
    }

    /** What a node has whose configuration says nothing. */
    public static AuditConfig defaults(Path data) {
        return new AuditConfig(data.resolve("audit"), WhenFull.REFUSE, Duration.ofSeconds(1), 64 << 20, 100, 65_536);
    }
}
