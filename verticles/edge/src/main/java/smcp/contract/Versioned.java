package smcp.contract;

/**
 * A record of the registry as it was read.
 *
 * @param revision changes with every write of the record; a write names the one it was made from
 */
public record Versioned<T extends Record>(T value, long revision) {}
