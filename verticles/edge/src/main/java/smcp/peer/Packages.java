package smcp.peer;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import smcp.contract.BlobStore.BlobKey;

/** Which blobs travel between nodes. */
final class Packages {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private Packages() {}

    static boolean travels(BlobKey key) {
        return key.space().equals(BlobKey.PACKAGES) && HASH.matcher(key.name()).matches();
    }

    static String path(BlobKey key) {
        return Wire.PACKAGES + key.name();
    }

    /** What a path asks for; null for anything else than a package. */
    static @Nullable BlobKey of(String path) {
        var key = new BlobKey(BlobKey.PACKAGES, path.substring(Wire.PACKAGES.length()));
        return travels(key) ? key : null;
    }
}
