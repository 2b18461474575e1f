package smcp.store.backup;

import io.vertx.core.buffer.Buffer;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import smcp.contract.SessionRecord;
import smcp.contract.ValueStore.Value;
import smcp.protocol.Json;
import smcp.store.Copies.KeptMark;
import smcp.store.Copies.KeptSession;
import smcp.store.RegistryStore.Stored;

/** Reads a backup and checks it on the way: its frames, the count and sum of each section, and at the end the sum over everything. What {@link #next} gave is proven only when it has given null. Blocks; of one thread. */
public final class BackupReader {
    private static final int BUFFER = 64 << 10;
    private static final int LONGEST_MAGIC = 32;

    private final MessageDigest whole = Format.sha256();
    private final MessageDigest sum = Format.sha256();
    private final DataInputStream in;
    private final Tally tally;
    private @Nullable Section section;
    private long read;
    private int sections;
    private long records;
    private long inSection;
    private long blobLeft = -1;
    private Format.Header header = new Format.Header("", Instant.EPOCH);

    private BackupReader(InputStream unpacked, Tally tally) {
        this.in = new DataInputStream(new BufferedInputStream(unpacked, BUFFER));
        this.tally = tally;
    }

    /** A frame. */
    @SuppressWarnings("ArrayRecordComponent") // frames are not compared
    private record Frame(char kind, byte[] head, byte[] body) {}

    /** Reads the head of a backup; refuses what is none, and what a newer program wrote. */
    public static BackupReader open(InputStream from, Tally tally) throws IOException {
        InputStream unpacked;
        try {
            unpacked = new GZIPInputStream(from, BUFFER);
        } catch (ZipException | EOFException _) {
            throw new UnsoundBackup("this is not a backup: it is not in gzip format");
        }
        var reader = new BackupReader(unpacked, tally);
        reader.begin();
        return reader;
    }

    private void begin() throws IOException {
        var line = new byte[LONGEST_MAGIC];
        var length = 0;
        try {
            for (var next = in.readByte(); next != '\n'; next = in.readByte()) {
                if (length == line.length) {
                    throw new UnsoundBackup("this is not a backup: it does not begin as one");
                }
                line[length++] = next;
            }
        } catch (EOFException | ZipException _) {
            throw new UnsoundBackup("this is not a backup: it does not begin as one");
        }
        digest((new String(line, 0, length, StandardCharsets.US_ASCII) + "\n").getBytes(StandardCharsets.US_ASCII));
        read += length + 1;
        format(new String(line, 0, length, StandardCharsets.US_ASCII));
        var frame = frame();
        if (frame.kind() != Format.HEADER) {
            throw damaged("there is no header");
        }
        header = head(frame, Format.Header.class);
        digest(frame);
    }

    private static void format(String line) throws UnsoundBackup {
        if (!line.startsWith(Format.MAGIC)
                || !line.substring(Format.MAGIC.length()).matches("[0-9]{1,9}")) {
            throw new UnsoundBackup("this is not a backup: it does not begin as one");
        }
        var version = Integer.parseInt(line.substring(Format.MAGIC.length()));
        if (version != Format.VERSION) {
            throw new UnsoundBackup("the backup has format " + version + ", this program reads format " + Format.VERSION
                    + ": use the program that wrote it, or a newer one");
        }
    }

    /** The program that wrote it. */
    public String program() {
        return header.program();
    }

    /** When it was begun: what was acknowledged before is in it. */
    public Instant begun() {
        return header.begun();
    }

    public Tally tally() {
        return tally;
    }

    /** Reads all there is, for nothing but to check it. */
    public void verify() throws IOException {
        while (next() != null) {
            // next() checks
        }
    }

    /** What comes next; null at the sound end of a whole backup. */
    @Nullable
    Entry next() throws IOException {
        while (true) {
            var frame = frame();
            switch (frame.kind()) {
                case Format.SECTION -> {
                    return opened(frame);
                }
                case Format.RECORD -> {
                    digest(frame);
                    return record(frame);
                }
                case Format.PIECE -> {
                    digest(frame);
                    return piece(frame);
                }
                case Format.SECTION_END -> closed(frame);
                case Format.FAILED ->
                    throw new UnsoundBackup("the backup is not whole, its writer gave up: "
                            + head(frame, Format.Failed.class).why());
                case Format.END -> {
                    end(head(frame, Format.End.class));
                    return null;
                }
                default -> throw damaged("there is no frame " + (int) frame.kind());
            }
        }
    }

    private Entry opened(Frame frame) throws IOException {
        var opening = head(frame, Format.Opening.class);
        if (section != null || opening.number() != sections + 1) {
            throw damaged("section " + opening.number() + " comes where section " + (sections + 1) + " should");
        }
        sections++;
        inSection = 0;
        sum.reset();
        digest(frame);
        section = new Section(opening.kind(), opening.owner());
        if ((opening.kind() == Section.Kind.REGISTRY) != (opening.owner() == null)) {
            throw damaged("its owner is not said");
        }
        return new Entry.Begun(section);
    }

    private Entry record(Frame frame) throws IOException {
        var current = section;
        if (current == null || blobLeft >= 0) {
            throw damaged("a record comes where none should");
        }
        inSection++;
        records++;
        tally.add(current.kind(), 1, frame.body().length);
        return switch (current.kind()) {
            case REGISTRY -> {
                var path = head(frame, Format.Path.class);
                yield new Entry.OfRegistry(
                        new Stored(path.path(), path.revision(), path.deleted() ? null : Json.of(frame.body())));
            }
            case VALUES -> {
                var key = head(frame, Format.Key.class);
                yield new Entry.OfValues(
                        key.key(), new Value(Buffer.buffer(frame.body()), key.version(), key.expires()));
            }
            case SESSIONS ->
                new Entry.OfSessions(new KeptSession(
                        session(frame), head(frame, Format.Life.class).until()));
            case SPENT -> {
                var mark = head(frame, Format.Life.class);
                yield new Entry.OfSpent(new KeptMark(mark.id(), mark.until()));
            }
            case BLOBS -> {
                var name = head(frame, Format.Name.class);
                blobLeft = name.bytes();
                yield new Entry.OfBlobs(name.name(), name.bytes());
            }
        };
    }

    private SessionRecord session(Frame frame) throws IOException {
        try {
            return Sessions.read(frame.body());
        } catch (IOException _) {
            throw damaged("a session cannot be read");
        }
    }

    private Entry piece(Frame frame) throws IOException {
        var length = frame.body().length;
        if (blobLeft < length || (length == 0 && blobLeft != 0)) {
            throw damaged("a blob has not the length it should have");
        }
        blobLeft = length == 0 ? -1 : blobLeft - length;
        tally.add(Section.Kind.BLOBS, 0, length);
        return new Entry.Piece(Buffer.buffer(frame.body()));
    }

    private void closed(Frame frame) throws IOException {
        var closing = head(frame, Format.Closing.class);
        if (section == null || blobLeft >= 0) {
            throw damaged("a section ends where none should");
        }
        if (closing.records() != inSection) {
            throw damaged("it has " + inSection + " records and should have " + closing.records());
        }
        if (!closing.sha256().equals(HexFormat.of().formatHex(sum.digest()))) {
            throw damaged("its checksum is another");
        }
        digest(frame);
        section = null;
    }

    private void end(Format.End end) throws IOException {
        if (section != null || end.sections() != sections || end.records() != records) {
            throw damaged("it has " + sections + " sections with " + records + " records and should have "
                    + end.sections() + " with " + end.records());
        }
        if (!end.sha256().equals(HexFormat.of().formatHex(whole.digest()))) {
            throw damaged("the checksum over everything is another");
        }
        try {
            if (in.read() >= 0) { // this also compares the checksum of gzip
                throw damaged("something follows its end");
            }
        } catch (ZipException | EOFException e) {
            throw damaged(String.valueOf(e.getMessage()));
        }
    }

    private Frame frame() throws IOException {
        try {
            var kind = (char) in.readUnsignedByte();
            var head = bytes(length(Format.LONGEST_HEAD));
            var body = bytes(length(Format.LONGEST_BODY));
            read += 9L + head.length + body.length;
            return new Frame(kind, head, body);
        } catch (EOFException _) {
            throw new UnsoundBackup("the backup ends too early: " + where());
        } catch (ZipException e) {
            throw damaged(String.valueOf(e.getMessage()));
        }
    }

    private int length(int most) throws IOException {
        var length = in.readInt();
        if (length < 0 || length > most) {
            throw damaged("a frame says it has " + Integer.toUnsignedLong(length) + " bytes");
        }
        return length;
    }

    private byte[] bytes(int length) throws IOException {
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    private <T extends Record> T head(Frame frame, Class<T> type) throws IOException {
        try {
            return Format.read(frame.head(), type);
        } catch (IOException _) {
            throw damaged("what a frame is about cannot be read");
        }
    }

    private void digest(Frame frame) {
        digest(new byte[] {(byte) frame.kind()});
        digest(lengthOf(frame.head()));
        digest(frame.head());
        digest(lengthOf(frame.body()));
        digest(frame.body());
    }

    private static byte[] lengthOf(byte[] bytes) {
        return ByteBuffer.allocate(4).putInt(bytes.length).array();
    }

    private void digest(byte[] bytes) {
        whole.update(bytes);
        sum.update(bytes);
    }

    private UnsoundBackup damaged(String what) {
        return new UnsoundBackup("the backup is damaged: " + what + ", " + where());
    }

    private String where() {
        return (section == null
                        ? sections == 0 ? "at its begin" : "behind section " + sections
                        : "in section " + sections + " (" + section + "), behind " + inSection + " of its records")
                + ", byte " + read + " of what is packed";
    }
}
