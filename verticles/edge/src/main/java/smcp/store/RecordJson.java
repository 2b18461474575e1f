package smcp.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;

/**
 * Records as they are stored: JSON, times as ISO 8601. Unknown fields are ignored on reading, because an older program may read what a newer one wrote; {@link #foreign} gives them back so that a
 * rewrite does not drop them.
 */
public final class RecordJson {
    /** Longest record; above it Jackson's own limit on strings (20,000,000 characters) would refuse to read what was written. */
    static final int MOST_BYTES = 16 << 20;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private RecordJson() {}

    /** @param what names the record in the fault, if it is too long */
    static byte[] write(String what, Record value) {
        return write(what, value, null);
    }

    /** Writes {@code value} and beside it the fields of {@code foreign}. */
    static byte[] write(String what, Record value, @Nullable ObjectNode foreign) {
        try {
            var bytes = JSON.writeValueAsBytes(foreign == null ? value : merged(value, foreign));
            if (bytes.length > MOST_BYTES) {
                throw new Fault(
                        Fault.Kind.INVALID_INPUT,
                        what + " must have at most " + MOST_BYTES + " bytes as JSON, got " + bytes.length);
            }
            return bytes;
        } catch (JsonProcessingException e) {
            throw new Fault(Fault.Kind.INTERNAL, what + " cannot be written as JSON", e);
        }
    }

    private static ObjectNode merged(Record value, ObjectNode foreign) {
        ObjectNode node = JSON.valueToTree(value);
        foreign.properties().forEach(field -> node.putIfAbsent(field.getKey(), field.getValue()));
        return node;
    }

    public static <T extends Record> T read(String what, byte[] json, Class<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (IOException e) {
            throw new Fault(
                    Fault.Kind.INTERNAL,
                    what + " as stored cannot be read as " + type.getSimpleName() + ": written by another program?",
                    e);
        }
    }

    /** The fields of {@code json} that {@code type} does not know; null if there are none, which is the rule. */
    static @Nullable ObjectNode foreign(String what, byte[] json, Class<? extends Record> type) {
        try {
            if (!(JSON.readTree(json) instanceof ObjectNode node)) {
                return null;
            }
            for (var component : type.getRecordComponents()) {
                var _ = node.remove(component.getName());
            }
            return node.isEmpty() ? null : node;
        } catch (IOException e) {
            throw new Fault(Fault.Kind.INTERNAL, what + " as stored is not JSON", e);
        }
    }
}
