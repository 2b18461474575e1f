package smcp.store;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes zips that no decent program writes. */
final class Zips {
    static final String MANIFEST = "{\"name\":\"n\",\"engine\":\"js\",\"entry\":\"main.js\"}";

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
    private int entries;

    /** An entry with all that can be lied about. */
    record Entry(String name, ByteBuffer content, int flags, int mode, long crc, int length) {
        static Entry of(String name, byte[] content) {
            var crc = new CRC32();
            crc.update(content);
            return new Entry(name, ByteBuffer.wrap(content), 0x800, 0100644, crc.getValue(), content.length);
        }

        Entry flags(int other) {
            return new Entry(name, content, other, mode, crc, length);
        }

        Entry mode(int other) {
            return new Entry(name, content, flags, other, crc, length);
        }

        Entry crc(long other) {
            return new Entry(name, content, flags, mode, other, length);
        }

        Entry length(int other) {
            return new Entry(name, content, flags, mode, crc, other);
        }
    }

    /** A sound package to which a test adds. */
    static Zips sound() {
        return new Zips().add("smcp.json", MANIFEST).add("main.js", "export default {}");
    }

    @CanIgnoreReturnValue
    Zips add(String name, String content) {
        return add(Entry.of(name, content.getBytes(StandardCharsets.UTF_8)));
    }

    @CanIgnoreReturnValue
    Zips add(Entry entry) {
        var offset = body.size();
        var packed = deflated(entry.content().array());
        var name = entry.name().getBytes(StandardCharsets.UTF_8);
        put(body, 0x04034b50, 4);
        shared(body, entry, packed.length, name.length);
        body.writeBytes(name);
        body.writeBytes(packed);

        put(directory, 0x02014b50, 4);
        put(directory, 3 << 8 | 20, 2);
        shared(directory, entry, packed.length, name.length);
        put(directory, 0, 6);
        put(directory, (long) entry.mode() << 16, 4);
        put(directory, offset, 4);
        directory.writeBytes(name);
        entries++;
        return this;
    }

    private static void shared(ByteArrayOutputStream out, Entry entry, int packed, int name) {
        put(out, 20, 2);
        put(out, entry.flags(), 2);
        put(out, 8, 2);
        put(out, 0x5ac20000L, 4);
        put(out, entry.crc(), 4);
        put(out, packed, 4);
        put(out, entry.length(), 4);
        put(out, name, 2);
        put(out, 0, 2);
    }

    byte[] bytes() {
        return bytes(entries, "");
    }

    byte[] bytes(int claimedEntries, String comment) {
        var all = new ByteArrayOutputStream();
        all.writeBytes(body.toByteArray());
        all.writeBytes(directory.toByteArray());
        put(all, 0x06054b50, 4);
        put(all, 0, 4);
        put(all, claimedEntries, 2);
        put(all, claimedEntries, 2);
        put(all, directory.size(), 4);
        put(all, body.size(), 4);
        put(all, comment.length(), 2);
        all.writeBytes(comment.getBytes(StandardCharsets.ISO_8859_1));
        return all.toByteArray();
    }

    Path to(Path file) throws IOException {
        return Files.write(file, bytes());
    }

    private static byte[] deflated(byte[] content) {
        var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(content);
        deflater.finish();
        var out = new ByteArrayOutputStream();
        var buffer = new byte[8_192];
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return out.toByteArray();
    }

    private static void put(ByteArrayOutputStream out, long value, int bytes) {
        for (var i = 0; i < bytes; i++) {
            out.write((int) (value >>> (8 * i)));
        }
    }
}
