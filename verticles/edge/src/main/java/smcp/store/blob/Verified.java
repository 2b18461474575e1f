package smcp.store.blob;

import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.contract.BlobStore.Reading;

/** A blob from elsewhere that fails at its end if it does not have the length and the hash that were announced. */
final class Verified extends Passing {
    private final Reading reading;
    private final MessageDigest digest = Digests.sha256();
    private long length;

    Verified(Reading reading) {
        super(reading.content());
        this.reading = reading;
    }

    @Override
    void passes(Buffer buffer) {
        length += buffer.length();
        digest.update(buffer.getBytes());
    }

    @Override
    @Nullable
    Throwable wrong() {
        var blob = reading.blob();
        if (length == blob.bytes()
                && (blob.sha256() == null || Digests.hex(digest).equals(blob.sha256()))) {
            return null;
        }
        return new Fault(
                Fault.Kind.NODE_LOST, "package " + blob.name() + " did not arrive as it is stored on the other node");
    }
}
