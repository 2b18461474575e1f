package smcp.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds lines of a log, without checking them. Blocking. */
public final class AuditReader {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What {@link AuditEntry#kind} may be. */
    public static final List<String> KINDS = List.of("call", "refused", "admin", "file", "lost", "removed");

    private AuditReader() {}

    /**
     * What is looked for.
     *
     * @param tenant null: of all
     * @param kind null: of every kind
     * @param last how many at most; the newest
     */
    public record Wanted(@Nullable String tenant, @Nullable String kind, int last) {
        boolean is(String line) {
            if (tenant == null && kind == null) {
                return true;
            }
            JsonNode json;
            try {
                json = JSON.readTree(line);
            } catch (JsonProcessingException _) {
                // damaged, so nobody knows whose it is: whoever looks for something must not miss it
                return true;
            }
            return (tenant == null || tenant.equals(json.path("tenant").asText()))
                    && (kind == null || kind.equals(json.path("kind").asText()));
        }
    }

    /** Lines of the log in {@code directory}, oldest first. */
    public static List<String> read(Path directory, Wanted wanted) throws IOException {
        Deque<String> found = new ArrayDeque<>();
        for (var file : AuditFolder.files(directory)) {
            // as UTF-8, but a damaged byte is shown as one and hides no other line
            try (var in =
                    new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
                for (var line = in.readLine(); line != null; line = in.readLine()) {
                    if (line.endsWith("}") && wanted.is(line)) {
                        found.add(line);
                        if (found.size() > wanted.last()) {
                            found.remove();
                        }
                    }
                }
            }
        }
        return List.copyOf(found);
    }
}
