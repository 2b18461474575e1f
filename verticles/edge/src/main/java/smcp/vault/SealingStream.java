package smcp.vault;

import com.google.crypto.tink.subtle.Random;
import com.google.crypto.tink.subtle.StreamSegmentEncrypter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;

/** Content on its way into a store, sealed with a key that this blob alone has. */
final class SealingStream extends Piped {
    private final long most;
    private final StreamSegmentEncrypter cipher;
    /** The plain bytes of a segment that is not known yet to be followed by another. */
    private final ByteBuffer segment = ByteBuffer.allocate(BlobLayout.OTHER);

    private volatile long plain;

    /** @param most plain bytes */
    SealingStream(ReadStream<Buffer> content, Keys keys, String context, long most) {
        super(content);
        this.most = most;
        var own = Random.randBytes(BlobLayout.keyBytes());
        try {
            cipher = BlobLayout.cipher(own).newStreamSegmentEncrypter(keys.associated(context));
        } catch (GeneralSecurityException e) {
            throw new Fault(Kind.INTERNAL, "sealing failed", e);
        }
        var header = cipher.getHeader();
        var head = BlobLayout.mark().appendBytes(keys.seal(context, own));
        while (header.hasRemaining()) {
            head.appendByte(header.get());
        }
        emit(head);
        segment.limit(BlobLayout.FIRST);
        attach();
    }

    @Override
    void accept(Buffer piece) {
        // of the source's thread alone; others only read it
        var total = plain + piece.length();
        plain = total;
        if (total > most) {
            throw new Fault(Kind.QUOTA, "the blob may have " + most + " bytes, and has more");
        }
        for (var at = 0; at < piece.length(); ) {
            if (!segment.hasRemaining()) {
                encrypt(false);
            }
            var part = Math.min(segment.remaining(), piece.length() - at);
            segment.put(piece.getBytes(at, at + part));
            at += part;
        }
    }

    @Override
    void finish() {
        encrypt(true);
    }

    private void encrypt(boolean last) {
        var out = ByteBuffer.allocate(BlobLayout.SEGMENT);
        try {
            cipher.encryptSegment(segment.flip(), last, out);
        } catch (GeneralSecurityException e) {
            throw new Fault(Kind.INTERNAL, "sealing failed", e);
        }
        segment.clear();
        emit(Buffer.buffer(out.position()).appendBytes(out.array(), 0, out.position()));
    }

    /** Plain bytes so far. */
    long plain() {
        return plain;
    }
}
