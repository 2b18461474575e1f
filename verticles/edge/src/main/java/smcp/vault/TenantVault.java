package smcp.vault;

import io.vertx.core.Future;
import smcp.contract.Vault;
import smcp.tenant.TenantId;

/** The vault as other features see it. */
final class TenantVault implements Vault {
    private final DataKeys keys;
    private final Crypto crypto;

    TenantVault(DataKeys keys, Crypto crypto) {
        this.keys = keys;
        this.crypto = crypto;
    }

    @Override
    public Future<byte[]> seal(TenantId tenant, String context, byte[] plain) {
        return keys.use(tenant.value())
                .compose(use -> crypto.run(plain.length, () -> use.keys().seal(context, plain))
                        .eventually(use::close));
    }

    @Override
    public Future<byte[]> open(TenantId tenant, String context, byte[] sealedBytes) {
        return crypto.run(
                sealedBytes.length, () -> keys.opening(tenant.value(), context).open(context, sealedBytes));
    }
}
