package smcp.store;

/** Checks of configured numbers. */
public final class Bounds {
    private Bounds() {}

    public static void between(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(field + " must be " + least + " to " + most + ", got " + value);
        }
    }
}
