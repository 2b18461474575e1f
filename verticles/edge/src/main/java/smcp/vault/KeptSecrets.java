package smcp.vault;

import io.vertx.core.Future;
import java.util.List;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.tenant.DataKey;
import smcp.tenant.TenantId;
import smcp.vault.Pass.Done;

/** The secrets of a tenant. */
final class KeptSecrets implements Keeper {
    private final Registry registry;
    private final SealedSecrets secrets;

    KeptSecrets(Registry registry, SealedSecrets secrets) {
        this.registry = registry;
        this.secrets = secrets;
    }

    @Override
    public void pass(Keys keys, Pass pass) throws InterruptedException {
        if (keys.owner().equals(DataKey.PLATFORM)) {
            return;
        }
        for (var secret : registry.list(RegistryKey.secrets(new TenantId(keys.owner())))) {
            pass.one(Contexts.secret(secret.value().name()), () -> {
                var with = Keysets.keyOf(SealedSecrets.content(secret.value()), 0);
                return with != null && with == keys.primary()
                        ? Future.succeededFuture(Done.NOTHING)
                        : registry.commit(List.of(secrets.resealed(secret, keys)))
                                .map(Done.RESEALED);
            });
        }
    }
}
