package smcp.store.blob;

import io.vertx.core.buffer.Buffer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Optional;
import smcp.contract.BlobStore.Range;

/** A blob's file while it is being read: block by block, each verified before any of it is delivered, and the whole against its hash before the end is. A file replaced meanwhile is read on as it was. Blocks; one call at a time. */
final class BlobReader {
    private final Path path;
    private final FileChannel channel;
    private final BlobFile file;
    private final Range range;
    private final boolean whole;
    private final MessageDigest digest = Digests.sha256();
    private final ByteBuffer block = ByteBuffer.allocate(BlobFile.BLOCK + BlobFile.CHECK);
    private long number;

    private BlobReader(Path path, FileChannel channel, BlobFile file, Range range) {
        this.path = path;
        this.channel = channel;
        this.file = file;
        this.range = range;
        this.whole = range.from() == 0 && range.to() >= file.content();
        this.number = range.from() / BlobFile.BLOCK;
    }

    /** @throws java.nio.file.NoSuchFileException if there is none */
    static BlobReader open(Path path, Range range) throws IOException {
        var channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new BlobReader(path, channel, BlobFile.read(path, channel), range);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    BlobFile file() {
        return file;
    }

    Optional<Buffer> next() throws IOException {
        var begin = number * BlobFile.BLOCK;
        if (begin >= Math.min(range.to(), file.content())) {
            verifyWhole();
            return Optional.empty();
        }
        var length = file.blockLength(number);
        read(length);
        number++;
        var from = (int) (Math.max(range.from(), begin) - begin);
        var to = (int) Math.min(length, range.to() - begin);
        return Optional.of(Buffer.buffer(to - from).appendBytes(block.array(), from, to - from));
    }

    private void read(int length) throws IOException {
        var _ = block.clear().limit(length + BlobFile.CHECK);
        try {
            BlobFile.full(channel, block, file.offset(number));
        } catch (EOFException _) {
            throw BlobFile.damaged(path, "block " + number + " is cut off");
        }
        if (BlobFile.check(number, block.array(), length) != block.getInt(length)) {
            throw BlobFile.damaged(path, "block " + number + " does not have the checksum it was written with");
        }
        if (whole) {
            digest.update(block.array(), 0, length);
        }
    }

    private void verifyWhole() {
        if (whole && !Digests.hex(digest).equals(file.sha256())) {
            throw BlobFile.damaged(path, "its content does not have the hash it was written with");
        }
    }

    void close() throws IOException {
        channel.close();
    }
}
