package smcp.store.blob;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Blobs as files, block {@code blobs.files}.
 *
 * @param directory where; null is {@code blobs} in the data directory
 * @param threads for reading and writing the disk
 * @param transfers most blobs that are read and written at once
 * @param patience how long one may stand still
 */
public record FilesConfig(
        @JsonProperty("directory") @Nullable Path directory,
        @JsonProperty(value = "threads", required = true) int threads,
        @JsonProperty(value = "transfers", required = true) int transfers,
        @JsonProperty(value = "patience", required = true) Duration patience) {
    public static final FilesConfig DEFAULT = new FilesConfig(null, 4, 256, Duration.ofMinutes(1));

    public FilesConfig {
        Checks.between("blobs.files.threads", threads, 1, 64);
        Checks.between("blobs.files.transfers", transfers, 1, 10_000);
        Checks.between("blobs.files.patience", patience, Duration.ofMillis(100), Duration.ofHours(1));
    }
}
