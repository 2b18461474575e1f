package smcp.store.quorum;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import smcp.store.DataDir;
import smcp.store.quorum.Request.Item;

/** A {@link RegistryState} in a file, with a sum (CRC-32C) at its end. */
final class SnapshotFile {
    private static final int FORMAT = 0x534d5101; // "SMQ", 1

    private SnapshotFile() {}

    /** Durable, under its name, when this returns. */
    static void write(RegistryState state, Path file) throws IOException {
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        DataDir.privateFile(fresh);
        try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            var summed = new CheckedOutputStream(
                    new BufferedOutputStream(Channels.newOutputStream(channel), 64 << 10), new CRC32C());
            var out = new DataOutputStream(summed);
            synchronized (state) {
                write(state, out);
            }
            out.writeLong(summed.getChecksum().getValue());
            out.flush();
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        DataDir.syncNames(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    }

    private static void write(RegistryState state, DataOutputStream out) throws IOException {
        out.writeInt(FORMAT);
        out.writeLong(state.revision());
        out.writeInt(state.live.size());
        for (var item : state.live.values()) {
            Request.write(out, item);
        }
        out.writeInt(state.gone.size());
        for (var each : state.gone.entrySet()) {
            Request.write(out, new Item(each.getKey(), each.getValue(), null));
        }
        out.writeInt(state.outcomes.size());
        for (var each : state.outcomes.entrySet()) {
            write(out, each.getKey());
            switch (each.getValue()) {
                case Outcome.Done(var revision) -> {
                    out.writeInt(-1);
                    out.writeLong(revision);
                }
                case Outcome.Conflict(var at, var live) -> {
                    out.writeInt(at);
                    out.writeLong(live);
                }
            }
        }
        out.writeInt(state.unfinished.size());
        for (var each : state.unfinished.entrySet()) {
            write(out, each.getKey());
            out.writeInt(each.getValue().length);
            for (var part : each.getValue()) {
                Request.write(out, part == null ? null : part.bytes());
            }
        }
    }

    private static void write(DataOutputStream out, Part.Id id) throws IOException {
        out.writeLong(id.run());
        out.writeLong(id.number());
    }

    /** @throws IOException if it is not what was written */
    static RegistryState read(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var summed = new CheckedInputStream(
                    new BufferedInputStream(Channels.newInputStream(channel), 64 << 10), new CRC32C());
            var in = new DataInputStream(summed);
            var format = in.readInt();
            if (format != FORMAT) {
                throw new IOException(file + " is no snapshot that this program knows: format " + format);
            }
            var state = read(in);
            var sum = summed.getChecksum().getValue();
            if (in.readLong() != sum) {
                throw new IOException(file + " is damaged: its sum is wrong");
            }
            return state;
        }
    }

    private static RegistryState read(DataInputStream in) throws IOException {
        var state = new RegistryState();
        state.revision(in.readLong());
        for (var left = in.readInt(); left > 0; left--) {
            var item = Request.readItem(in);
            state.live.put(item.path(), item);
        }
        for (var left = in.readInt(); left > 0; left--) {
            var item = Request.readItem(in);
            state.gone.put(item.path(), item.number());
        }
        for (var left = in.readInt(); left > 0; left--) {
            var id = new Part.Id(in.readLong(), in.readLong());
            var at = in.readInt();
            var number = in.readLong();
            state.outcomes.put(id, at < 0 ? new Outcome.Done(number) : new Outcome.Conflict(at, number));
        }
        for (var left = in.readInt(); left > 0; left--) {
            var id = new Part.Id(in.readLong(), in.readLong());
            var of = in.readInt();
            for (var at = 0; at < of; at++) {
                var bytes = Request.read(in);
                if (bytes != null) {
                    state.unfinished(new Part(id, at, of, bytes));
                }
            }
        }
        return state;
    }
}
