package smcp.store;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Settings of the stores, in block {@code store:} of the node's configuration.
 *
 * @param dataDir directory of this node alone; packages are always kept there
 * @param kind what keeps registry, sessions and values
 * @param queue most writes that wait for one file's disk
 * @param readers threads that read one file
 * @param bounds of the logs
 * @param packages limits of uploads
 */
public record StoreConfig(
        @JsonProperty(value = "dataDir", required = true) Path dataDir,
        @JsonProperty(value = "kind", required = true) Kind kind,
        @JsonProperty(value = "queue", required = true) int queue,
        @JsonProperty(value = "readers", required = true) int readers,
        @JsonProperty(value = "bounds", required = true) StateBounds bounds,
        @JsonProperty(value = "packages", required = true) PackageLimits packages) {

    /** What keeps a node's state. */
    public enum Kind {
        SQLITE,
        MEMORY,
        /** Shared by the nodes of a cluster; opened by who knows its settings. */
        REDIS;

        @JsonCreator
        static Kind parse(String text) {
            return Arrays.stream(values())
                    .filter(kind -> kind.word().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("store.kind must be one of "
                            + Arrays.stream(values()).map(Kind::word).collect(Collectors.joining(", "))
                            + ", got " + Text.shown(text)));
        }

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public StoreConfig {
        Bounds.between("store.queue", queue, 1, 100_000);
        Bounds.between("store.readers", readers, 1, 32);
    }

    /** What a node has whose configuration says nothing. */
    public static StoreConfig defaults(Path dataDir) {
        return new StoreConfig(dataDir, Kind.SQLITE, 4_096, 2, StateBounds.DEFAULT, PackageLimits.DEFAULT);
    }
}
