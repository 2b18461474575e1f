package smcp.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import smcp.contract.Versioned;

/**
 * What an endpoint answers when nothing went wrong.
 *
 * @param body null for none
 * @param stream sends the body, if that is too long to stand in memory; null otherwise
 */
record Answer(
        int status,
        Map<String, String> headers,
        @Nullable Buffer body,
        @Nullable Stream stream) {
    /** A body that is made while it is sent. */
    @FunctionalInterface
    interface Stream {
        /** Writes the body and ends the response, or breaks it off. */
        void send(HttpServerResponse response);

        /** It will not be sent: nobody is there any more. */
        default void discard() {}
    }

    Answer {
        headers = Map.copyOf(headers);
    }

    Answer(int status, Map<String, String> headers, @Nullable Buffer body) {
        this(status, headers, body, null);
    }

    static Answer stream(String type, Stream stream) {
        return new Answer(200, Map.of("Content-Type", type), null, stream);
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
