package smcp.vault;

import smcp.contract.BlobStore.BlobKey;
import smcp.tenant.DataKey;
import smcp.tenant.Shown;

/** What sealed bytes belong to, and whose keys seal them. */
final class Contexts {
    static final String TENANT_SPACE = "tenant-";

    private Contexts() {}

    static String value(String key) {
        return "kv/" + key;
    }

    static String secret(String name) {
        return "secret/" + name;
    }

    static String blob(BlobKey key) {
        return "blob/" + key.space() + "/" + key.name();
    }

    /** Spaces that are no tenant's are the platform's. */
    static String owner(String space) {
        return space.startsWith(TENANT_SPACE) ? space.substring(TENANT_SPACE.length()) : DataKey.PLATFORM;
    }

    /** Where a data key's own record stands. */
    static String dataKey(String owner) {
        return "datakey/" + owner;
    }

    static String shown(String owner, String context) {
        return "\"" + Shown.of(context) + "\" of " + (owner.equals(DataKey.PLATFORM) ? "the platform" : owner);
    }
}
