package smcp.store.backup;

import io.vertx.core.buffer.Buffer;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import smcp.contract.ValueStore.Value;
import smcp.store.Copies.KeptMark;
import smcp.store.Copies.KeptSession;
import smcp.store.RegistryStore.Stored;

/** Writes a backup, frame by frame. Sections open with their first record. Blocks; of one thread. */
final class BackupWriter {
    private static final byte[] NOTHING = {};
    private static final int BUFFER = 64 << 10;

    private final MessageDigest whole = Format.sha256();
    private final MessageDigest section = Format.sha256();
    private final Packed packed;
    private final DataOutputStream out;
    private final Tally tally;
    private @Nullable Section current;
    private int sections;
    private long records;
    private long inSection;

    /** Quickly: what is sealed does not get shorter, and the rest is short. */
    private static final class Packed extends GZIPOutputStream {
        Packed(OutputStream out) throws IOException {
            super(out, BUFFER);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    BackupWriter(OutputStream to, Tally tally, String program, Instant now) throws IOException {
        this.tally = tally;
        this.packed = new Packed(to);
        var digested = new DigestOutputStream(new DigestOutputStream(packed, whole), section);
        this.out = new DataOutputStream(new BufferedOutputStream(digested, BUFFER));
        out.write((Format.MAGIC + Format.VERSION + "\n").getBytes(StandardCharsets.US_ASCII));
        frame(Format.HEADER, Format.write(new Format.Header(program, now)), NOTHING);
    }

    /** What follows belongs to {@code next}. */
    void section(Section next) throws IOException {
        if (!next.equals(current)) {
            endSection();
            out.flush();
            section.reset();
            current = next;
            inSection = 0;
            sections++;
            frame(Format.SECTION, Format.write(new Format.Opening(sections, next.kind(), next.owner())), NOTHING);
        }
    }

    private void endSection() throws IOException {
        if (current != null) {
            out.flush();
            var sum = HexFormat.of().formatHex(section.digest());
            frame(Format.SECTION_END, Format.write(new Format.Closing(inSection, sum)), NOTHING);
            current = null;
        }
    }

    void stored(Stored record) throws IOException {
        section(Section.REGISTRY);
        var json = record.json();
        record(new Format.Path(record.path(), record.revision(), json == null), json == null ? NOTHING : json.copy());
    }

    void value(String tenant, String key, Value value) throws IOException {
        section(new Section(Section.Kind.VALUES, tenant));
        record(
                new Format.Key(key, value.version(), value.expires()),
                value.content().getBytes());
    }

    void session(String tenant, KeptSession kept) throws IOException {
        section(new Section(Section.Kind.SESSIONS, tenant));
        record(new Format.Life(kept.session().id(), kept.expires()), Sessions.write(kept.session()));
    }

    void mark(String tenant, KeptMark mark) throws IOException {
        section(new Section(Section.Kind.SPENT, tenant));
        record(new Format.Life(mark.id(), mark.until()), NOTHING);
    }

    void blob(String space, String name, long bytes) throws IOException {
        section(new Section(Section.Kind.BLOBS, space));
        record(new Format.Name(name, bytes), NOTHING);
    }

    /** A piece of the blob that was begun last; an empty one ends it. */
    void piece(Buffer content) throws IOException {
        var from = 0;
        do {
            var to = Math.min(content.length(), from + Format.PIECE_BYTES);
            frame(Format.PIECE, NOTHING, content.getBytes(from, to));
            from = to;
        } while (from < content.length());
        tally.add(Section.Kind.BLOBS, 0, content.length());
    }

    private void record(Record head, byte[] body) throws IOException {
        frame(Format.RECORD, Format.write(head), body);
        inSection++;
        records++;
        tally.add(Objects.requireNonNull(current).kind(), 1, body.length);
    }

    private void frame(char kind, byte[] head, byte[] body) throws IOException {
        out.writeByte(kind);
        out.writeInt(head.length);
        out.write(head);
        out.writeInt(body.length);
        out.write(body);
    }

    /** Says to who reads it that this is no whole backup, and why. */
    void failed(String why) throws IOException {
        frame(Format.FAILED, Format.write(new Format.Failed(why)), NOTHING);
        out.flush();
        packed.finish();
        packed.flush();
    }

    /** The backup is whole. */
    void finish() throws IOException {
        endSection();
        out.flush();
        var sum = HexFormat.of().formatHex(whole.digest());
        frame(Format.END, Format.write(new Format.End(sections, records, sum)), NOTHING);
        out.flush();
        packed.finish();
        packed.flush();
    }
}
