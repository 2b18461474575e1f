package smcp.node.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP response whose body is still to be read: whole, or event by event.
 *
 * @param headers by lower-case name
 */
public record Response(int status, Map<String, String> headers, InputStream body) {
    /** An event of a stream; {@code data} is empty for one that only carries an id. */
    public record Event(@Nullable String id, String data) {
        public JsonNode json() {
            return Json.parse(data);
        }
    }

    public boolean streams() {
        return headers.getOrDefault("content-type", "").startsWith("text/event-stream");
    }

    public String header(String name) {
        var value = headers.get(name);
        if (value == null) {
            throw new AssertionError("no header " + name + " in " + headers);
        }
        return value;
    }

    public String text() throws IOException {
        return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }

    public JsonNode json() throws IOException {
        return Json.parse(text());
    }

    /** The next event, comments skipped; null at the end. */
    public @Nullable Event next() throws IOException {
        String id = null;
        String data = null;
        for (var line = line(); line != null; line = line()) {
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("data:")) {
                data = line.substring(5).strip();
            } else if (line.isEmpty() && (id != null || data != null)) {
                return new Event(id, data == null ? "" : data);
            }
        }
        return null;
    }

    /** All events to the end of the stream. */
    public List<Event> events() throws IOException {
        var events = new ArrayList<Event>();
        for (var event = next(); event != null; event = next()) {
            events.add(event);
        }
        return events;
    }

    private @Nullable String line() throws IOException {
        var line = new java.io.ByteArrayOutputStream();
        for (var next = body.read(); next != '\n'; next = body.read()) {
            if (next < 0) {
                return null;
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
