package smcp.vault;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import smcp.tenant.Shown;

/**
 * Settings of the encryption at rest, block {@code vault:} of the node's configuration.
 *
 * @param source where the key-encryption keys come from
 * @param file of source {@code file}; made at the first start. Null: {@code node.key} in the data directory
 * @param variable of source {@code variable}: the name of an environment variable that holds the keyset
 * @param command of source {@code command}: a program with its arguments that prints the keyset
 * @param commandTimeout how long that may take
 * @param sealValues false: values are written as they are; what was sealed before is still opened
 * @param sealBlobs the same for blobs
 * @param acceptUnsealed true: what was stored before sealing was switched on is read as it is
 * @param resealPerSecond values, blobs and secrets that a rotation seals anew in a second, at most
 * @param settle how long an old data key stays at least, for writes that other nodes began with it
 */
public record VaultConfig(
        @JsonProperty("source") Source source,
        @JsonProperty("file") @Nullable Path file,
        @JsonProperty("variable") String variable,
        @JsonProperty("command") List<String> command,
        @JsonProperty("commandTimeout") Duration commandTimeout,
        @JsonProperty("sealValues") boolean sealValues,
        @JsonProperty("sealBlobs") boolean sealBlobs,
        @JsonProperty("acceptUnsealed") boolean acceptUnsealed,
        @JsonProperty("resealPerSecond") int resealPerSecond,
        @JsonProperty("settle") Duration settle) {

    /** Where key-encryption keys come from. */
    public enum Source {
        FILE,
        VARIABLE,
        COMMAND;

        @JsonCreator
        static Source parse(String text) {
            return Arrays.stream(values())
                    .filter(source -> source.word().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "vault.source must be one of file, variable, command, got \"" + Shown.of(text) + "\""));
        }

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public VaultConfig {
        command = List.copyOf(command);
        if (!variable.matches("[A-Za-z_][A-Za-z0-9_]{0,127}")) {
            throw new IllegalArgumentException(
                    "vault.variable must be the name of an environment variable, got \"" + Shown.of(variable) + "\"");
        }
        if (source == Source.COMMAND && (command.isEmpty() || command.getFirst().isBlank())) {
            throw new IllegalArgumentException("vault.command must name a program where vault.source is command");
        }
        within("vault.commandTimeout", commandTimeout, Duration.ofMillis(100), Duration.ofMinutes(5));
        within("vault.settle", settle, Duration.ZERO, Duration.ofDays(7));
        if (resealPerSecond < 1 || resealPerSecond > 1_000_000) {
            throw new IllegalArgumentException("vault.resealPerSecond must be 1 to 1000000, got " + resealPerSecond);
        }
    }

    private static void within(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " must be " + least + " to " + most + ", got " + value);
        }
    }

    /** Everything sealed, the key in a file of the data directory. */
    public static final VaultConfig DEFAULT = new VaultConfig(
            Source.FILE,
            null,
            "SMCP_VAULT_KEYSET",
            List.of(),
            Duration.ofSeconds(10),
            true,
            true,
            false,
            500,
            Duration.ofMinutes(10));
}
