package smcp.store.redis;

import java.util.List;

/**
 * Where the registry is, all in one slot: {@code live} and {@code gone} are records and tombstones by revision, {@code json} the records by path, {@code log} one entry a commit, {@code meta} the newest revision and the schema.
 */
final class RegistryKeys {
    private final List<byte[]> all;

    RegistryKeys(RedisKeys keys) {
        this.all = List.of(
                keys.registry("live"),
                keys.registry("gone"),
                keys.registry("json"),
                keys.registry("log"),
                keys.registry("meta"));
    }

    /** As every script of the registry takes them. */
    List<byte[]> all() {
        return all;
    }

    byte[] log() {
        return all.get(3);
    }

    byte[] meta() {
        return all.get(4);
    }
}
