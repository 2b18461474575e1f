package smcp.store.blob;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The order of names. */
final class Utf8 {
    private Utf8() {}

    /** Compares as bytes of UTF-8, which differs from {@link String#compareTo} beyond the basic plane. */
    static int compare(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
