package smcp.store.redis;

import java.nio.charset.StandardCharsets;
import smcp.tenant.TenantId;

/**
 * Names of keys: {@code <prefix>:{<tenant>}:<what>}. What stands in braces alone decides over the slot (Redis Cluster specification, Hash tags), so all of a tenant is on one server and a script can change it in one step. The platform's
 * own tags begin with {@code @}, which no tenant's name can hold.
 */
final class RedisKeys {
    private final String prefix;

    RedisKeys(String prefix) {
        this.prefix = prefix;
    }

    /** A key of one tenant, such as {@code kv:names}. */
    byte[] tenant(TenantId tenant, String what) {
        return bytes(prefix + ":{" + tenant + "}:" + what);
    }

    /** A key of the registry. */
    byte[] registry(String what) {
        return platform("registry", what);
    }

    /** A key of the platform's own, in the slot of {@code tag}. */
    byte[] platform(String tag, String what) {
        return bytes(prefix + ":{@" + tag + "}:" + what);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] bytes(long number) {
        return bytes(Long.toString(number));
    }
}
