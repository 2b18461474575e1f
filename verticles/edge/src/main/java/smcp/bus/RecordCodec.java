package smcp.bus;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The one codec of the bus. On one node a record travels by reference (records are immutable); between nodes as its class name and JSON. Unknown fields are ignored on the wire, so that
 * two versions of the program can talk; only records of this program are read.
 */
public final class RecordCodec implements MessageCodec<Record, Record> {
    private static final String NAME = "smcp.record";
    private static final ObjectMapper JSON = new ObjectMapper()
            .registerModule(new JavaTimeModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private RecordCodec() {}

    /** Makes the bus of {@code vertx} able to carry records; call once for each Vert.x. */
    public static void install(Vertx vertx) {
        vertx.eventBus().registerCodec(made());
    }

    static RecordCodec made() {
        return new RecordCodec();
    }

    static DeliveryOptions options() {
        return new DeliveryOptions().setCodecName(NAME);
    }

    @Override
    public void encodeToWire(Buffer buffer, Record record) {
        try {
            var name = record.getClass().getName().getBytes(StandardCharsets.UTF_8);
            var body = JSON.writeValueAsBytes(record);
            buffer.appendInt(name.length)
                    .appendBytes(name)
                    .appendInt(body.length)
                    .appendBytes(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Record decodeFromWire(int start, Buffer buffer) {
        var at = start;
        var nameLength = buffer.getInt(at);
        at += Integer.BYTES;
        var name = buffer.getString(at, at + nameLength);
        at += nameLength;
        var length = buffer.getInt(at);
        at += Integer.BYTES;
        try {
            return JSON.readValue(buffer.getBytes(at, at + length), recordClass(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<? extends Record> recordClass(String name) {
        if (!name.startsWith("smcp.")) {
            throw new IllegalArgumentException("not a record of this program on the bus: " + name);
        }
        try {
            return Class.forName(name, false, RecordCodec.class.getClassLoader())
                    .asSubclass(Record.class);
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("a record this program does not know on the bus: " + name, e);
        }
    }

    @Override
    public Record transform(Record record) {
        return record;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
