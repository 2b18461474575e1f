package smcp.contract;

import smcp.tenant.ApiKey;
import smcp.tenant.CatalogueEdition;
import smcp.tenant.Client;
import smcp.tenant.ClientId;
import smcp.tenant.DataKey;
import smcp.tenant.KekRotation;
import smcp.tenant.SealingKey;
import smcp.tenant.StoredSecret;
import smcp.tenant.Tenant;
import smcp.tenant.TenantId;
import smcp.tenant.Version;
import smcp.tenant.VersionRef;

/**
 * Name of a record in the registry, with its type.
 *
 * @param path slash-separated; the first part is the kind, the second (but for keys) the tenant
 */
public record RegistryKey<T extends Record>(String path, Class<T> type) {
    public static final RegistryKey<Tenant> TENANTS = new RegistryKey<>("tenant/", Tenant.class);
    public static final RegistryKey<ApiKey> KEYS = new RegistryKey<>("key/", ApiKey.class);

    public static final RegistryKey<SealingKey> SEALING_KEYS = new RegistryKey<>("seal/", SealingKey.class);
    public static final RegistryKey<DataKey> DATA_KEYS = new RegistryKey<>("datakey/", DataKey.class);
    public static final RegistryKey<KekRotation> KEK_ROTATION = new RegistryKey<>("vault/kek", KekRotation.class);

    public static RegistryKey<Tenant> tenant(TenantId id) {
        return new RegistryKey<>("tenant/" + id, Tenant.class);
    }

    public static RegistryKey<Version> version(VersionRef ref) {
        return new RegistryKey<>("version/" + ref.tenant() + "/" + ref.number(), Version.class);
    }

    /** Prefix of all versions of a tenant. */
    public static RegistryKey<Version> versions(TenantId tenant) {
        return new RegistryKey<>("version/" + tenant + "/", Version.class);
    }

    /** The newest edition of a version's catalogue. */
    public static RegistryKey<CatalogueEdition> catalogue(VersionRef ref) {
        return new RegistryKey<>("catalogue/" + ref.tenant() + "/" + ref.number(), CatalogueEdition.class);
    }

    public static RegistryKey<CatalogueEdition> catalogues(TenantId tenant) {
        return new RegistryKey<>("catalogue/" + tenant + "/", CatalogueEdition.class);
    }

    public static RegistryKey<Client> client(TenantId tenant, ClientId client) {
        return new RegistryKey<>("client/" + tenant + "/" + client, Client.class);
    }

    /** Prefix of all clients of a tenant. */
    public static RegistryKey<Client> clients(TenantId tenant) {
        return new RegistryKey<>("client/" + tenant + "/", Client.class);
    }

    public static RegistryKey<ApiKey> key(String id) {
        return new RegistryKey<>("key/" + id, ApiKey.class);
    }

    public static RegistryKey<SealingKey> sealingKey(TenantId tenant) {
        return new RegistryKey<>("seal/" + tenant, SealingKey.class);
    }

    /** @param owner a tenant's id, or {@link DataKey#PLATFORM} */
    public static RegistryKey<DataKey> dataKey(String owner) {
        return new RegistryKey<>("datakey/" + owner, DataKey.class);
    }

    public static RegistryKey<StoredSecret> secret(TenantId tenant, String name) {
        return new RegistryKey<>("secret/" + tenant + "/" + name, StoredSecret.class);
    }

    /** Prefix of all secrets of a tenant. */
    public static RegistryKey<StoredSecret> secrets(TenantId tenant) {
        return new RegistryKey<>("secret/" + tenant + "/", StoredSecret.class);
    }
}
