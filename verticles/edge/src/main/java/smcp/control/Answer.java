package smcp.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import smcp.contract.BlobStore.Reading;
import smcp.contract.Versioned;

/**
 * What an endpoint answers when nothing went wrong.
 *
 * @param body null for none
 * @param stream a body that is read while it is sent; whoever does not send it cancels it
 */
record Answer(
        int status,
        Map<String, String> headers,
        @Nullable Buffer body,
        @Nullable Reading stream) {
    Answer(int status, Map<String, String> headers, @Nullable Buffer body) {
        this(status, headers, body, null);
    }

    Answer {
        headers = Map.copyOf(headers);
    }

    static final Answer NOTHING = new Answer(204, Map.of(), null);

    static Answer json(int status, JsonNode body) {
        return text(status, "application/json", body.toString());
    }

    static Answer json(JsonNode body) {
        return json(200, body);
    }

    static Answer text(int status, String type, String body) {
        return new Answer(status, Map.of("Content-Type", type), Buffer.buffer(body));
    }

    Answer with(String header, String value) {
        var more = new TreeMap<>(headers);
        var _ = more.put(header, value);
        return new Answer(status, more, body, stream);
    }

    /** With the revision of the record it shows, for {@code If-Match} (RFC 9110 §8.8.3). */
    Answer of(Versioned<?> record) {
        return with("ETag", Conditions.etag(record));
    }
}
