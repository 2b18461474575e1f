package smcp.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names in a log's directory. */
final class AuditFolder {
    static final String HEAD = "head";
    private static final Pattern NAME = Pattern.compile("audit-([0-9]{15})\\.jsonl");

    private AuditFolder() {}

    static Path file(Path directory, long first) {
        return directory.resolve("audit-%015d.jsonl".formatted(first));
    }

    static String name(Path file) {
        return Objects.requireNonNull(file.getFileName()).toString();
    }

    /** Sequence number of the first line of a file, by its name. */
    static long first(Path file) {
        var name = NAME.matcher(name(file));
        if (!name.matches()) {
            throw new IllegalArgumentException(file + " is no file of an audit log");
        }
        return Long.parseLong(name.group(1));
    }

    /** The files of a log, in order. */
    static List<Path> files(Path directory) throws IOException {
        try (var all = Files.list(directory)) {
            return all.filter(file -> NAME.matcher(name(file)).matches())
                    .sorted(Comparator.comparingLong(AuditFolder::first))
                    .toList();
        }
    }

    /** Null if there is none that can be read. */
    static AuditFiles.@Nullable Head head(Path directory) throws IOException {
        var file = directory.resolve(HEAD);
        if (!Files.exists(file)) {
            return null;
        }
        JsonNode json;
        try {
            json = new ObjectMapper().readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException _) {
            return null;
        }
        var mac = json.path("mac").asText();
        if (!json.path("seq").isIntegralNumber() || !mac.matches("[0-9a-f]{64}")) {
            return null;
        }
        return new AuditFiles.Head(json.path("seq").longValue(), mac);
    }
}
