package smcp.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What keys and tokens have in common on the command line. */
final class Secrets {
    static final String EXPIRES =
            "When it ends: 90d, 12h, 30m, or an instant such as 2027-01-31T12:00:00Z. Default: never";
    private static final Pattern SPAN = Pattern.compile("(\\d{1,6})([dhm])");

    private Secrets() {}

    static ObjectNode wish(@Nullable String expires, Instant now, Remote remote) {
        var body = AdminApi.JSON.createObjectNode();
        return expires == null
                ? body
                : body.put("expires", instant(expires, now, remote).toString());
    }

    private static Instant instant(String text, Instant now, Remote remote) {
        var span = SPAN.matcher(text);
        if (span.matches()) {
            var count = Long.parseLong(span.group(1));
            return now.plus(
                    switch (span.group(2)) {
                        case "d" -> Duration.ofDays(count);
                        case "h" -> Duration.ofHours(count);
                        default -> Duration.ofMinutes(count);
                    });
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw remote.usage("--expires must be like 90d, 12h, 30m or 2027-01-31T12:00:00Z, got \"" + text + "\"");
        }
    }

    /** Only the token goes to the output, so that it can be piped into a file; what is said about it goes beside. */
    static void show(Remote remote, JsonNode issued, String use) {
        if (!remote.json) {
            remote.err()
                    .println("id " + issued.path("id").asText()
                            + (issued.has("expires")
                                    ? ", ends " + issued.path("expires").asText()
                                    : "")
                            + ". Shown now and never again. " + use);
            remote.err().flush();
        }
        remote.print(issued, key -> key.path("token").asText());
    }

    static String table(JsonNode keys) {
        var table = new Table("ID", "CREATED", "ENDS");
        keys.forEach(key -> table.row(
                key.path("id").asText(),
                key.path("created").asText(),
                key.path("expires").asText("never")));
        return table.isEmpty() ? "there are none" : table.toString();
    }
}
