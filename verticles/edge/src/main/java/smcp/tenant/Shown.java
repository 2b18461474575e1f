package smcp.tenant;

/** How a value that somebody else wrote is shown in a message: short, printable, on one line. */
public final class Shown {
    private static final int MOST = 80;

    private Shown() {}

    public static String of(String value) {
        var text = new StringBuilder(Math.min(value.length(), MOST));
        for (var i = 0; i < value.length() && i < MOST; i++) {
            var c = value.charAt(i);
            text.append(c < 0x20 || c == 0x7f || Character.isSurrogate(c) ? '?' : c);
        }
        return value.length() > MOST ? text.append('…').toString() : text.toString();
    }
}
