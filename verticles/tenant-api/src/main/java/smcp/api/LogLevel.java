package smcp.api;

import java.util.Locale;
import java.util.Optional;

/** Severity after RFC 5424, least first. */
public enum LogLevel {
    DEBUG,
    INFO,
    NOTICE,
    WARNING,
    ERROR,
    CRITICAL,
    ALERT,
    EMERGENCY;

    private final String wire = name().toLowerCase(Locale.ROOT);

    /** The word on the wire. */
    public String wire() {
        return wire;
    }

    /** The level of a word on the wire. */
    public static Optional<LogLevel> of(String wire) {
        for (var level : values()) if (level.wire.equals(wire)) return Optional.of(level);
        return Optional.empty();
    }
}
