package smcp.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.protocol.Json;

/** Severities, the least first (MCP 2026-07-28, Logging; RFC 5424 §6.2.1). */
final class LogLevel {
    private static final List<String> NAMES =
            List.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");

    private LogLevel() {}

    /** May a message of level {@code said} go to who asked for {@code wanted}? Both JSON strings; a level nobody knows goes to nobody. */
    static boolean reaches(@Nullable Json said, @Nullable Json wanted) {
        var least = rank(wanted);
        return least >= 0 && rank(said) >= least;
    }

    private static int rank(@Nullable Json level) {
        if (level == null || level.length() < 2 || level.length() > 16 || level.first() != '"') {
            return -1;
        }
        var text = level.text();
        return NAMES.indexOf(text.substring(1, text.length() - 1));
    }
}
