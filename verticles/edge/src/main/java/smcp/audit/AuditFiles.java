package smcp.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a log and the end of its chain. Files are named by the sequence number of their first line; beside them stands the {@code head}: number and MAC of the newest line, so that lines cut off at the end are missed. Blocking; of one thread at a time. A
 * method that throws leaves the chain where it was, and may be called again.
 */
final class AuditFiles implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AuditFiles.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_LINE = 1 << 20;

    private final AuditConfig config;
    private final InstantSource clock;
    private final AuditKey key;
    private RandomAccessFile file;
    private Path path;
    /** Bytes of whole lines; what stands behind is of a write that failed. */
    private long length;

    private Head head;
    private Head synced;
    private int lines;

    /** The newest line. */
    record Head(long seq, String mac) {
        static final Head NONE = new Head(0, HexFormat.of().formatHex(AuditKey.beginning()));

        byte[] chain() {
            return HexFormat.of().parseHex(mac);
        }
    }

    private AuditFiles(AuditConfig config, InstantSource clock, AuditKey key, Path path, Head head) throws IOException {
        this.config = config;
        this.clock = clock;
        this.key = key;
        this.path = path;
        this.head = head;
        this.synced = head;
        this.file = new RandomAccessFile(path.toFile(), "rw");
        this.length = file.length();
        file.seek(length);
    }

    /** Opens the log, making it if there is none, and goes on where the last whole line ended. */
    static AuditFiles open(AuditConfig config, InstantSource clock) throws IOException {
        var directory = config.directory();
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        var present = AuditFolder.files(directory);
        if (!Files.exists(directory.resolve(AuditKey.FILE))) {
            if (!present.isEmpty()) {
                throw new IOException("the audit log in " + directory + " has no " + AuditKey.FILE
                        + ": put the key back, or move the log away");
            }
            AuditKey.make(directory);
        }
        var key = AuditKey.read(directory);
        if (present.isEmpty()) {
            return started(new AuditFiles(config, clock, key, AuditFolder.file(directory, 1), Head.NONE));
        }
        var last = present.getLast();
        var end = lastLine(last);
        if (end == null) {
            // whatever happened to this file, the check will say so; the chain goes on behind what the head knows
            var known = AuditFolder.head(directory);
            var from = known == null ? new Head(AuditFolder.first(last), Head.NONE.mac()) : known;
            log.atError()
                    .addKeyValue("file", last)
                    .log("the newest file of the audit log ends in no line of it: a new file begins");
            return started(new AuditFiles(config, clock, key, AuditFolder.file(directory, from.seq() + 1), from));
        }
        return new AuditFiles(config, clock, key, last, end);
    }

    private static AuditFiles started(AuditFiles files) throws IOException {
        files.begin();
        return files;
    }

    /** The first line of a file. */
    private void begin() throws IOException {
        write(List.of(new AuditEntry.Opened(clock.millis(), key.log(), head.mac())));
        sync();
    }

    /** The last whole line, and the file cut behind it: a killed process may leave half a line, which nobody was told is there. Null if there is no such line. */
    private static @Nullable Head lastLine(Path file) throws IOException {
        try (var open = new RandomAccessFile(file.toFile(), "rw")) {
            var tail = new byte[(int) Math.min(open.length(), 2L * LONGEST_LINE)];
            open.seek(open.length() - tail.length);
            open.readFully(tail);
            var end = lastBreak(tail, tail.length);
            if (end < 0) {
                return null;
            }
            var torn = tail.length - end - 1;
            var line = Arrays.copyOfRange(tail, lastBreak(tail, end) + 1, end);
            var found = AuditLine.parse(line);
            if (found == null) {
                return null;
            }
            if (torn > 0) {
                open.setLength(open.length() - torn);
                open.getFD().sync();
            }
            return new Head(seq(line), found.mac());
        }
    }

    private static int lastBreak(byte[] bytes, int before) {
        for (var i = before - 1; i >= 0; i--) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    static long seq(byte[] line) throws IOException {
        JsonNode seq = JSON.readTree(line).path("seq");
        if (!seq.isIntegralNumber()) {
            throw new IOException("a line has no seq");
        }
        return seq.longValue();
    }

    /** Writes the lines of {@code entries}, all or none. They are with the operating system then, not yet on the disk. */
    void write(List<? extends AuditEntry> entries) throws IOException {
        if (length >= config.fileBytes() && lines > 1) {
            next();
        }
        var lineBytes = new byte[entries.size()][];
        var mac = head.chain();
        var total = 0;
        for (var i = 0; i < lineBytes.length; i++) {
            var body = AuditLine.body(head.seq() + i + 1, entries.get(i));
            mac = key.of(mac, body);
            lineBytes[i] = AuditLine.whole(body, mac);
            total += lineBytes[i].length;
        }
        var all = ByteBuffer.allocate(total);
        for (var line : lineBytes) {
            all.put(line);
        }
        try {
            file.write(all.array());
        } catch (IOException e) {
            file.setLength(length);
            file.seek(length);
            throw e;
        }
        length += total;
        lines += lineBytes.length;
        head = new Head(head.seq() + lineBytes.length, HexFormat.of().formatHex(mac));
    }

    private void next() throws IOException {
        sync();
        var from = path;
        var next = AuditFolder.file(config.directory(), head.seq() + 1);
        var opened = new RandomAccessFile(next.toFile(), "rw");
        var old = file;
        file = opened;
        path = next;
        length = 0;
        lines = 0;
        try {
            opened.setLength(0);
            begin();
        } catch (IOException e) {
            opened.close();
            Files.deleteIfExists(next);
            file = old;
            path = from;
            length = old.length();
            lines = 2;
            throw e;
        }
        old.close();
        removeOldest();
    }

    private void removeOldest() throws IOException {
        var present = AuditFolder.files(config.directory());
        for (var i = 0; i < present.size() - config.files(); i++) {
            var oldest = present.get(i);
            var through = AuditFolder.first(present.get(i + 1)) - 1;
            // said first: a file that is still there although the log says it is gone misleads nobody
            write(List.of(new AuditEntry.Removed(clock.millis(), AuditFolder.name(oldest), through)));
            sync();
            Files.delete(oldest);
        }
    }

    /** Brings what was written to the disk, and the head with it. */
    void sync() throws IOException {
        if (head.seq() == synced.seq()) {
            return;
        }
        file.getFD().sync();
        var text = "{\"seq\":" + head.seq() + ",\"mac\":\"" + head.mac() + "\"}\n";
        var fresh = config.directory().resolve(AuditFolder.HEAD + ".new");
        Files.write(fresh, text.getBytes(StandardCharsets.US_ASCII));
        Files.move(
                fresh,
                config.directory().resolve(AuditFolder.HEAD),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        synced = head;
    }

    Head head() {
        return head;
    }

    @Override
    public void close() throws IOException {
        try {
            sync();
        } finally {
            file.close();
        }
    }
}
