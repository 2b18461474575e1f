package smcp.vault;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import io.vertx.core.buffer.Buffer;
import java.security.GeneralSecurityException;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;

/**
 * Where things stand in a sealed blob: mark, the blob's own key sealed with its owner's data key, Tink's stream header, then segments. Stored segment {@code i} begins at {@code i * SEGMENT}; the first one holds the head too.
 * Every segment but the last is full, and a segment opens only in its place and if it is the last exactly when it was sealed as that; so nothing can be cut, repeated or put in another order.
 */
final class BlobLayout {
    /** Of a segment as it is stored. */
    static final int SEGMENT = 64 << 10;

    private static final byte[] MARK = {(byte) 0xff, 'S', 'M', 'C', 'P', 'B', 0, 1};
    static final int MARK_BYTES = MARK.length;
    private static final int KEY = 32;
    static final int WRAPPED_KEY = KEY + Keysets.OVERHEAD;
    /** Mark and sealed key. */
    static final int PREFIX = MARK_BYTES + WRAPPED_KEY;

    /** One byte of length, salt and nonce prefix (Tink wire format, AES-GCM-HKDF streaming). */
    private static final int STREAM_HEADER = 1 + KEY + 7;
    /** All before the first segment's cipher text. */
    static final int HEAD = PREFIX + STREAM_HEADER;

    private static final int TAG = 16;
    /** Plain bytes of the first segment. */
    static final int FIRST = SEGMENT - HEAD - TAG;
    /** Plain bytes of any other. */
    static final int OTHER = SEGMENT - TAG;

    private BlobLayout() {}

    /** Bytes of a key of one blob alone. */
    static int keyBytes() {
        return KEY;
    }

    static AesGcmHkdfStreaming cipher(byte[] key) {
        try {
            return new AesGcmHkdfStreaming(key, "HmacSha256", KEY, SEGMENT, PREFIX);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM streaming is not there", e);
        }
    }

    static Buffer mark() {
        return Buffer.buffer(MARK);
    }

    static boolean isSealed(Buffer head) {
        if (head.length() < MARK.length) {
            return false;
        }
        for (var i = 0; i < MARK.length; i++) {
            if (head.getByte(i) != MARK[i]) {
                return false;
            }
        }
        return true;
    }

    /** Length of what a blob of {@code plain} bytes is stored as. */
    static long stored(long plain) {
        if (plain > Long.MAX_VALUE >> 1) {
            return Long.MAX_VALUE;
        }
        return HEAD + plain + TAG * segments(plain);
    }

    private static long segments(long plain) {
        return plain <= FIRST ? 1 : 1 + (plain - FIRST + OTHER - 1) / OTHER;
    }

    /**
     * Length of the content that is stored as {@code stored} bytes; -1 if nothing is.
     */
    static long plain(long stored) {
        var segments = (stored + SEGMENT - 1) / SEGMENT;
        var plain = stored - HEAD - TAG * segments;
        return plain >= 0 && stored(plain) == stored ? plain : -1;
    }

    static Fault impossible(long stored) {
        return new Fault(Kind.SEALED, "a sealed blob has not " + stored + " bytes: it was cut, or never sealed");
    }

    /** Which segment holds the plain byte {@code at}. */
    static long segmentOf(long at) {
        return at < FIRST ? 0 : 1 + (at - FIRST) / OTHER;
    }

    /** Where the plain bytes of a segment begin. */
    static long plainStart(long segment) {
        return segment == 0 ? 0 : FIRST + (segment - 1) * OTHER;
    }
}
