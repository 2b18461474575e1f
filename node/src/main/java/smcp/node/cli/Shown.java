package smcp.node.cli;

/** Text of others, made fit for a terminal: control characters, and marks that turn the direction of writing, could change what the user sees. */
final class Shown {
    private Shown() {}

    /** Keeps line breaks and tabs. */
    static String text(String text) {
        var shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            var harmless = c == '\n' || c == '\t' || (!Character.isISOControl(c) && !turns(c));
            shown.appendCodePoint(harmless ? c : 0xFFFD);
        });
        return shown.toString();
    }

    /** Explicit formatting characters of Unicode Standard Annex 9, section 2. */
    private static boolean turns(int c) {
        return (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069)
                || c == 0x200E
                || c == 0x200F
                || c == 0x061C;
    }

    /** On one line. */
    static String line(String text) {
        return text(text).replace('\n', ' ').replace('\t', ' ');
    }
}
