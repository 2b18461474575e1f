package smcp.store.backup;

import java.io.IOException;

/** A backup is not what was written, not whole, or of another program. The message says what and where. */
public final class UnsoundBackup extends IOException {
    UnsoundBackup(String message) {
        super(message);
    }
}
