package smcp.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads from a zip's central directory the one thing that {@link java.util.zip.ZipFile} does not tell: whether an entry is a symbolic link or another special file (Zip APPNOTE §4.3.12, §4.4.2, §4.4.15; upper half of the external
 * attributes: st_mode of Unix). The names are read too, so that the caller can compare them with those {@code ZipFile} saw: an archive that two readers read differently is refused.
 */
final class CentralDirectory {
    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int HEADER = 0x02014b50;
    private static final int HEADER_BYTES = 46;
    private static final int MADE_ON_UNIX = 3;
    private static final int MADE_ON_MACOS = 19;
    private static final int TYPE = 0xf000;
    private static final int REGULAR = 0x8000;
    private static final int DIRECTORY = 0x4000;

    private CentralDirectory() {}

    /**
     * An entry.
     *
     * @param special a link, device, pipe or socket
     */
    record Header(String name, boolean special) {}

    /** The entries in the order of the directory; at most {@code most}. */
    static List<Header> read(Path zip, int most) throws IOException {
        try (var channel = FileChannel.open(zip, StandardOpenOption.READ)) {
            var end = end(channel);
            var entries = end.getShort(10) & 0xffff;
            var size = end.getInt(12) & 0xffff_ffffL;
            var offset = end.getInt(16) & 0xffff_ffffL;
            if (entries > most || offset + size > channel.size()) {
                throw Invalid.because("not a sound zip: its directory has " + entries + " entries in " + size
                        + " bytes at " + offset + " of " + channel.size());
            }
            return headers(bytes(channel, offset, (int) size), entries);
        }
    }

    private static ByteBuffer end(FileChannel channel) throws IOException {
        var length = (int) Math.min(channel.size(), END_BYTES + LONGEST_COMMENT);
        var tail = bytes(channel, channel.size() - length, length);
        for (var at = length - END_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == END && at + END_BYTES + (tail.getShort(at + 20) & 0xffff) == length) {
                return tail.slice(at, END_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        throw Invalid.because("not a sound zip: it has no end of directory; was the upload cut off?");
    }

    private static List<Header> headers(ByteBuffer directory, int entries) {
        var headers = new ArrayList<Header>(entries);
        for (var i = 0; i < entries; i++) {
            if (directory.remaining() < HEADER_BYTES || directory.getInt(directory.position()) != HEADER) {
                throw Invalid.because("not a sound zip: its directory is damaged at entry " + i);
            }
            headers.add(header(directory));
        }
        if (directory.hasRemaining()) {
            throw Invalid.because("not a sound zip: its directory has more than the " + entries + " entries it counts");
        }
        return headers;
    }

    private static Header header(ByteBuffer directory) {
        var at = directory.position();
        var madeOn = directory.get(at + 5);
        var nameLength = directory.getShort(at + 28) & 0xffff;
        var next = at
                + HEADER_BYTES
                + nameLength
                + (directory.getShort(at + 30) & 0xffff)
                + (directory.getShort(at + 32) & 0xffff);
        if (next > directory.limit()) {
            throw Invalid.because("not a sound zip: its directory ends within an entry");
        }
        var type = directory.getInt(at + 38) >>> 16 & TYPE;
        var unix = madeOn == MADE_ON_UNIX || madeOn == MADE_ON_MACOS;
        var name = new byte[nameLength];
        directory.get(at + HEADER_BYTES, name);
        directory.position(next);
        return new Header(
                new String(name, StandardCharsets.UTF_8), unix && type != 0 && type != REGULAR && type != DIRECTORY);
    }

    private static ByteBuffer bytes(FileChannel channel, long from, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
            // until full or at the end of the file
        }
        return bytes.flip();
    }
}
