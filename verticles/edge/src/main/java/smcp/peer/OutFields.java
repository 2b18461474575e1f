package smcp.peer;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.contract.CallEvent;
import smcp.contract.Usage;
import smcp.peer.Wire.Out;
import smcp.protocol.Json;

/** The fields of one frame of an answer. */
final class OutFields {
    private static final long LONGEST_MILLIS = 24 * 3_600_000L;

    private @Nullable Json json;
    private @Nullable Json id;
    private @Nullable String method;
    private long millis;
    private int code;
    private @Nullable String message;
    private @Nullable Json data;
    private @Nullable String name;
    private @Nullable String value;
    private @Nullable String eventId;
    private long cpuMillis;
    private long responseBytes;
    private int notices;
    private int subRequests;

    /** @throws Malformed if a field is */
    OutFields(Fields in) {
        while (in.next()) {
            switch (in.number()) {
                case Out.JSON -> json = in.json();
                case Out.METHOD -> method = in.text();
                case Out.MILLIS -> millis = Math.clamp(in.number64(), 0, LONGEST_MILLIS);
                case Out.CODE -> code = in.number32(Integer.MIN_VALUE, Integer.MAX_VALUE);
                case Out.MESSAGE -> message = in.text();
                case Out.DATA -> data = in.json();
                case Out.ID -> id = in.json();
                case Out.NAME -> name = in.text();
                case Out.VALUE -> value = in.text();
                case Out.EVENT_ID -> eventId = in.text();
                case Out.CPU_MILLIS -> cpuMillis = Math.max(0, in.number64());
                case Out.RESPONSE_BYTES -> responseBytes = Math.max(0, in.number64());
                case Out.NOTICES -> notices = in.number32(0, Integer.MAX_VALUE);
                case Out.SUB_REQUESTS -> subRequests = in.number32(0, Integer.MAX_VALUE);
                default -> in.skip();
            }
        }
    }

    Json json() {
        return there("JSON", json);
    }

    @Nullable
    Json jsonIfAny() {
        return json;
    }

    Json id() {
        return there("an id", id);
    }

    @Nullable
    Json idIfAny() {
        return id;
    }

    long millis() {
        return millis;
    }

    int code() {
        return code;
    }

    String message() {
        return there("a message", message);
    }

    @Nullable
    Json data() {
        return data;
    }

    String name() {
        return there("a name", name);
    }

    String value() {
        return there("a value", value);
    }

    @Nullable
    String eventId() {
        return eventId;
    }

    Fault fault() {
        var kind = Fault.Kind.ofBusCode(code);
        return data == null ? new Fault(kind, message()) : Fault.withData(kind, message(), data.text());
    }

    CallEvent notice() {
        return new CallEvent.Notice(there("a method", method), json());
    }

    CallEvent closeStream() {
        return new CallEvent.CloseStream(Duration.ofMillis(millis));
    }

    /** Adds what the other node has counted. */
    void addTo(Usage used) {
        used.add(cpuMillis, responseBytes, notices, subRequests);
    }

    private static <T> T there(String what, @Nullable T field) {
        if (field == null) {
            throw new Malformed("a frame of an answer without " + what);
        }
        return field;
    }
}
