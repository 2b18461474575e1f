package smcp.store.blob;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import smcp.bus.Fault;
import smcp.contract.BlobStore.Blob;
import smcp.contract.BlobStore.BlobKey;

/**
 * What stands at the beginning of a blob's file: whose it is, and what must follow. Layout, big-endian: magic (8 bytes), format, length of the header, bytes of a block (4 each), bytes of the content, time in ms (8 each), SHA-256 of the
 * content (32), space, name (each 2 bytes of length and UTF-8), CRC-32C of all that (4). Then blocks of content, each followed by the CRC-32C of its number and its bytes: so a range is verified without reading the rest, a block in another
 * one's place is noticed, and no byte is delivered before it is verified.
 *
 * @param content bytes of it
 * @param sha256 of the content, hex
 */
record BlobFile(BlobKey key, long content, Instant modified, String sha256) {
    static final int BLOCK = 64 << 10;
    static final int CHECK = 4;
    private static final long MAGIC = 0x534d4350424c4f42L; // "SMCPBLOB"
    private static final int FORMAT = 1;
    private static final int FIXED = 8 + 4 + 4 + 4 + 8 + 8 + 32;
    private static final int LONGEST = 4_096;

    static int headerLength(BlobKey key) {
        return FIXED + 2 + utf8(key.space()).length + 2 + utf8(key.name()).length + CHECK;
    }

    ByteBuffer header() {
        var out = ByteBuffer.allocate(headerLength(key));
        out.putLong(MAGIC).putInt(FORMAT).putInt(out.capacity()).putInt(BLOCK);
        out.putLong(content).putLong(modified.toEpochMilli()).put(HexFormat.of().parseHex(sha256));
        for (var text : new String[] {key.space(), key.name()}) {
            var bytes = utf8(text);
            out.putShort((short) bytes.length).put(bytes);
        }
        out.putInt(crc(out.array(), out.position()));
        return out.flip();
    }

    /** @throws Fault if the file is damaged or of a newer program */
    static BlobFile read(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(file, channel);
        }
    }

    static BlobFile read(Path file, FileChannel channel) throws IOException {
        var start = ByteBuffer.allocate((int) Math.min(LONGEST, channel.size()));
        full(channel, start, 0);
        var in = start.flip();
        if (in.remaining() < FIXED || in.getLong() != MAGIC) {
            throw damaged(file, "it does not begin as a blob does");
        }
        var format = in.getInt();
        var length = in.getInt();
        if (format > FORMAT) {
            throw new Fault(
                    Fault.Kind.STORE_UNAVAILABLE,
                    "blob file " + file.getFileName() + " has format " + format + ", this program knows formats up to "
                            + FORMAT + ": run the newer program");
        }
        if (length < FIXED + CHECK
                || length > in.limit()
                || crc(start.array(), length - CHECK) != in.getInt(length - CHECK)) {
            throw damaged(file, "its header does not have the checksum it was written with");
        }
        var found = parse(file, in);
        var expected = length + found.content() + CHECK * blocks(found.content());
        if (channel.size() != expected) {
            throw damaged(file, "it has " + channel.size() + " bytes and should have " + expected);
        }
        return found;
    }

    private static BlobFile parse(Path file, ByteBuffer in) throws CharacterCodingException {
        if (in.getInt() != BLOCK) {
            throw damaged(file, "it has blocks of another size");
        }
        var content = in.getLong();
        var modified = Instant.ofEpochMilli(in.getLong());
        var sha256 = new byte[32];
        in.get(sha256);
        return new BlobFile(
                new BlobKey(text(in), text(in)),
                content,
                modified,
                HexFormat.of().formatHex(sha256));
    }

    private static String text(ByteBuffer in) throws CharacterCodingException {
        var length = Short.toUnsignedInt(in.getShort());
        var text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(in.slice(in.position(), length))
                .toString();
        var _ = in.position(in.position() + length);
        return text;
    }

    /** Where block {@code number} begins. */
    long offset(long number) {
        return headerLength(key) + number * (BLOCK + CHECK);
    }

    /** Bytes of block {@code number}. */
    int blockLength(long number) {
        return (int) Math.min(BLOCK, content - number * BLOCK);
    }

    static long blocks(long content) {
        return (content + BLOCK - 1) / BLOCK;
    }

    /** What is known of the blob. The etag is the content's hash: writing the same again changes nothing that a reader could tell. */
    Blob blob() {
        return new Blob(key.name(), content, sha256, sha256, modified);
    }

    static int check(long number, byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static int crc(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    static void full(FileChannel channel, ByteBuffer into, long position) throws IOException {
        var at = position;
        while (into.hasRemaining()) {
            var read = channel.read(into, at);
            if (read < 0) {
                throw new EOFException("the file ends at " + at);
            }
            at += read;
        }
    }

    static Fault damaged(Path file, String finding) {
        return new Fault(
                Fault.Kind.STORE_DAMAGED,
                "blob file " + file.getFileName() + " is damaged: " + finding
                        + "; write the blob again, or restore it from a backup");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
