package smcp.node.cli;

/** Text of others, made fit for a terminal: control characters could rewrite what the user sees. */
final class Shown {
    private Shown() {}

    /** Keeps line breaks and tabs. */
    static String text(String text) {
        var shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            var harmless = c == '\n' || c == '\t' || !Character.isISOControl(c);
            shown.appendCodePoint(harmless ? c : 0xFFFD);
        });
        return shown.toString();
    }

    /** On one line. */
    static String line(String text) {
        return text(text).replace('\n', ' ').replace('\t', ' ');
    }
}
