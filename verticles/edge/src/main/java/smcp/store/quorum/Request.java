package smcp.store.quorum;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.store.RegistryStore.Change;
import smcp.store.RegistryStore.Stored;

/**
 * What the members are asked to do to the registry, all of it or nothing.
 *
 * @param above the revisions given from now on are greater
 */
record Request(Kind kind, long above, List<Item> items) {
    /** What becomes of the items. */
    enum Kind {
        /** Each {@link Item#number} is the revision that is expected. */
        COMMIT(0),
        /** Each {@link Item#number} is the revision that the record gets. */
        RESTORE(1);

        /** As it stands in logs. */
        private final int code;

        Kind(int code) {
            this.code = code;
        }

        private static Kind of(int code) throws IOException {
            return switch (code) {
                case 0 -> COMMIT;
                case 1 -> RESTORE;
                default -> throw new IOException("written by a newer program: request of kind " + code);
            };
        }
    }

    /** @param packed null: deleted */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Item(String path, long number, byte @Nullable [] packed) {
        int weight() {
            return path.length() + (packed == null ? 0 : packed.length);
        }
    }

    static Request commit(List<Change> changes) {
        return new Request(
                Kind.COMMIT,
                0,
                changes.stream()
                        .map(each -> new Item(each.path(), each.expected(), Packed.of(each.json())))
                        .toList());
    }

    static Request restore(List<Stored> records, long above) {
        return new Request(
                Kind.RESTORE,
                above,
                records.stream()
                        .map(each -> new Item(each.path(), each.revision(), Packed.of(each.json())))
                        .toList());
    }

    /** Changes nothing, and so tells when everything before it has come. */
    static Request mark() {
        return new Request(Kind.RESTORE, 0, List.of());
    }

    boolean isMark() {
        return kind == Kind.RESTORE && above == 0 && items.isEmpty();
    }

    byte[] encoded() {
        var bytes = new ByteArrayOutputStream(
                64 + items.stream().mapToInt(each -> each.weight() + 32).sum());
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(kind.code);
            out.writeLong(above);
            out.writeInt(items.size());
            for (var item : items) {
                write(out, item);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Request decode(byte[] encoded) {
        try (var in = new DataInputStream(new ByteArrayInputStream(encoded))) {
            var kind = Kind.of(in.readByte());
            var above = in.readLong();
            var count = in.readInt();
            var items = new ArrayList<Item>(count);
            for (var i = 0; i < count; i++) {
                items.add(readItem(in));
            }
            return new Request(kind, above, items);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(DataOutputStream out, Item item) throws IOException {
        write(out, item.path().getBytes(StandardCharsets.UTF_8));
        out.writeLong(item.number());
        write(out, item.packed());
    }

    static Item readItem(DataInputStream in) throws IOException {
        var path = read(in);
        if (path == null) {
            throw new IOException("a record without a path");
        }
        return new Item(new String(path, StandardCharsets.UTF_8), in.readLong(), read(in));
    }

    static void write(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
        out.writeInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    static byte @Nullable [] read(DataInputStream in) throws IOException {
        var length = in.readInt();
        return length < 0 ? null : in.readNBytes(length);
    }
}
