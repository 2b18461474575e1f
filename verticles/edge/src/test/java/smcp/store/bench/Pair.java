package smcp.store.bench;

/**
 * The same thing done two ways.
 *
 * @param store which
 * @param what is done
 * @param callers at the same time
 * @param ours through the interface
 * @param raw by itself
 * @param rawIs how that is
 */
record Pair(String store, String what, int callers, Load ours, Load raw, String rawIs) {}
