package smcp.store.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import smcp.contract.BlobStore.BlobKey;
import smcp.store.DataDir;

/** A blob's file while it is being written, under a name that nobody looks for. The header is written last: a file without one is no blob. Blocks; one call at a time. */
final class BlobWriter {
    private final BlobKey key;
    private final Path file;
    private final FileChannel channel;
    private final MessageDigest digest = Digests.sha256();
    private final ByteBuffer block = ByteBuffer.allocateDirect(BlobFile.BLOCK + BlobFile.CHECK);
    private long content;
    private long number;

    private BlobWriter(BlobKey key, Path file, FileChannel channel) {
        this.key = key;
        this.file = file;
        this.channel = channel;
    }

    static BlobWriter create(BlobKey key, Path file) throws IOException {
        DataDir.privateFile(file);
        var channel = FileChannel.open(file, StandardOpenOption.WRITE);
        var _ = channel.position(BlobFile.headerLength(key));
        return new BlobWriter(key, file, channel);
    }

    Path file() {
        return file;
    }

    void write(byte[] bytes, int length) throws IOException {
        if (length > 0) {
            digest.update(bytes, 0, length);
            var _ = block.clear()
                    .put(bytes, 0, length)
                    .putInt(BlobFile.check(number, bytes, length))
                    .flip();
            while (block.hasRemaining()) {
                var _ = channel.write(block);
            }
            content += length;
            number++;
        }
    }

    /** The file, complete and on the disk; not yet in its place. */
    BlobFile finish(Instant now) throws IOException {
        try (channel) {
            var written = new BlobFile(key, content, Instant.ofEpochMilli(now.toEpochMilli()), Digests.hex(digest));
            var header = written.header();
            while (header.hasRemaining()) {
                var _ = channel.write(header, header.position());
            }
            channel.force(true);
            return written;
        }
    }

    void discard() throws IOException {
        try (channel) {
            Files.deleteIfExists(file);
        }
    }
}
