package smcp.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.contract.Versioned;

/**
 * A record in memory: its bytes until somebody reads it, then the value. So a catalogue that nobody asks for costs no objects, and a kind nobody knows costs no error.
 */
final class StoredRecord {
    private final String path;
    private final long revision;

    /** Bytes or {@link Decoded}; two readers at once may both decode, which is harmless. */
    private volatile Object form;

    private record Decoded(Versioned<?> value, @Nullable ObjectNode foreign) {}

    StoredRecord(String path, long revision, byte[] json) {
        this.path = path;
        this.revision = revision;
        this.form = json;
    }

    <T extends Record> Versioned<T> as(Class<T> type) {
        var versioned = decoded(type).value();
        if (!type.isInstance(versioned.value())) {
            throw new Fault(
                    Fault.Kind.INTERNAL,
                    "registry record " + path + " is a "
                            + versioned.value().getClass().getSimpleName() + ", not a " + type.getSimpleName());
        }
        @SuppressWarnings("unchecked") // just checked; Versioned is immutable
        var typed = (Versioned<T>) versioned;
        return typed;
    }

    /** The fields that {@code type} does not know. */
    @Nullable
    ObjectNode foreign(Class<? extends Record> type) {
        return decoded(type).foreign();
    }

    private Decoded decoded(Class<? extends Record> type) {
        if (form instanceof Decoded decoded) {
            return decoded;
        }
        return form instanceof byte[] json ? decode(json, type) : decoded(type);
    }

    private Decoded decode(byte[] json, Class<? extends Record> type) {
        var what = "registry record " + path;
        var decoded = new Decoded(
                new Versioned<>(RecordJson.read(what, json, type), revision), RecordJson.foreign(what, json, type));
        form = decoded;
        return decoded;
    }
}
