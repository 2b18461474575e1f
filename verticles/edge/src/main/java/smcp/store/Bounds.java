package smcp.store;

/** Checks of configured numbers. */
final class Bounds {
    private Bounds() {}

    static void between(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(field + " must be " + least + " to " + most + ", got " + value);
        }
    }
}
