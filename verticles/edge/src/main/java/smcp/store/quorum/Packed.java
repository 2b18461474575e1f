package smcp.store.quorum;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import smcp.protocol.Json;

/**
 * A record's JSON as it is logged, sent and kept beside the memory's own copy: deflated where that helps. Catalogues shrink to a tenth, and what a member keeps for the next snapshot would otherwise double the registry.
 */
final class Packed {
    private static final byte PLAIN = 0;
    private static final byte DEFLATED = 1;
    private static final int WORTHWHILE = 512;
    private static final int HEAD = 5;

    private Packed() {}

    static byte @Nullable [] of(@Nullable Json json) {
        if (json == null) {
            return null;
        }
        if (json.length() >= WORTHWHILE) {
            var deflated = deflated(json);
            if (deflated.length < json.length()) {
                return deflated;
            }
        }
        return ByteBuffer.allocate(1 + json.length())
                .put(PLAIN)
                .put(json.bytes(), json.from(), json.length())
                .array();
    }

    private static byte[] deflated(Json json) {
        var deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(json.bytes(), json.from(), json.length());
            deflater.finish();
            var out = new ByteArrayOutputStream(json.length() / 4 + HEAD);
            out.writeBytes(ByteBuffer.allocate(HEAD)
                    .put(DEFLATED)
                    .putInt(json.length())
                    .array());
            var buffer = new byte[16 << 10];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    static @Nullable Json json(byte @Nullable [] packed) {
        if (packed == null) {
            return null;
        }
        if (packed[0] == PLAIN) {
            return Json.slice(packed, 1, packed.length).detached();
        }
        var inflater = new Inflater();
        try {
            var json = new byte[ByteBuffer.wrap(packed).getInt(1)];
            inflater.setInput(packed, HEAD, packed.length - HEAD);
            for (var at = 0; at < json.length; ) {
                var more = inflater.inflate(json, at, json.length - at);
                if (more == 0) {
                    throw new IllegalStateException("a record of the registry is cut off");
                }
                at += more;
            }
            return Json.of(json);
        } catch (DataFormatException e) {
            throw new IllegalStateException("a record of the registry does not unpack", e);
        } finally {
            inflater.end();
        }
    }
}
