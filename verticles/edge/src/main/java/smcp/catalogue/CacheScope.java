package smcp.catalogue;

/** {@code cacheScope} of an answer (MCP 2026-07-28, Caching). */
final class CacheScope {
    private CacheScope() {}

    /** What the tenant says, but {@code private} where answers must not cross from one token to another. */
    static String allowed(String said, boolean open) {
        return open && said.equals("public") ? "public" : "private";
    }
}
