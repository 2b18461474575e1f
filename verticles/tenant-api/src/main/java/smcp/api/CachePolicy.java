package smcp.api;

import java.time.Duration;

/**
 * How long a result stays fresh and who may share it (MCP 2026-07-28, Caching). {@code PUBLIC} crosses users: never use it for what
 * depends on who asks.
 */
public record CachePolicy(Duration ttl, Scope scope) {
    /** Stale at once and private: what holds where nothing is said. */
    public static final CachePolicy NONE = new CachePolicy(Duration.ZERO, Scope.PRIVATE);

    public CachePolicy {
        if (ttl.isNegative()) throw new IllegalArgumentException("cache ttl must not be negative, got " + ttl);
    }

    /** Fresh for this long, for the same principal only. */
    public static CachePolicy privateFor(Duration ttl) {
        return new CachePolicy(ttl, Scope.PRIVATE);
    }

    /** Fresh for this long, for everybody. */
    public static CachePolicy publicFor(Duration ttl) {
        return new CachePolicy(ttl, Scope.PUBLIC);
    }

    /** Who may be served a cached copy. */
    public enum Scope {
        PUBLIC("public"),
        PRIVATE("private");

        private final String wire;

        Scope(String wire) {
            this.wire = wire;
        }

        /** The word in {@code cacheScope}. */
        public String wire() {
            return wire;
        }
    }
}
