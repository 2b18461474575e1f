package smcp.vault;

import io.vertx.core.Future;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.Secrets;
import smcp.contract.Versioned;
import smcp.tenant.Shown;
import smcp.tenant.StoredSecret;
import smcp.tenant.TenantId;

/** Secrets as records of the registry, always sealed, so every node has them and a tenant's deletion takes them along. */
final class SealedSecrets implements Secrets {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final int MOST_TRIES = 8;

    private final Registry registry;
    private final DataKeys keys;
    private final InstantSource clock;

    SealedSecrets(Registry registry, DataKeys keys, InstantSource clock) {
        this.registry = registry;
        this.keys = keys;
        this.clock = clock;
    }

    @Override
    public Future<Optional<byte[]>> read(TenantId tenant, String name) {
        try {
            var record = NAME.matcher(name).matches() ? registry.get(RegistryKey.secret(tenant, name)) : null;
            return Future.succeededFuture(
                    record == null ? Optional.<byte[]>empty() : Optional.of(open(record.value())));
        } catch (Fault e) {
            return Future.failedFuture(e);
        }
    }

    private byte[] open(StoredSecret secret) {
        var context = Contexts.secret(secret.name());
        return keys.opening(secret.tenant().value(), context).open(context, content(secret));
    }

    /** The sealed bytes. */
    static byte[] content(StoredSecret secret) {
        try {
            return Base64.getDecoder().decode(secret.content());
        } catch (IllegalArgumentException e) {
            throw new Fault(
                    Kind.SEALED,
                    Contexts.shown(secret.tenant().value(), Contexts.secret(secret.name())) + " does not open",
                    e);
        }
    }

    /** Nobody's secret: the write that seals what is there with the key of the day. */
    RegistryWrite<StoredSecret> resealed(Versioned<StoredSecret> was, Keys with) {
        var secret = was.value();
        return RegistryWrite.replace(
                RegistryKey.secret(secret.tenant(), secret.name()),
                was,
                new StoredSecret(
                        secret.tenant(),
                        secret.name(),
                        sealedContent(secret.name(), open(secret), with),
                        secret.changed()));
    }

    private static String sealedContent(String name, byte[] plain, Keys with) {
        return Base64.getEncoder().encodeToString(with.seal(Contexts.secret(name), plain));
    }

    @Override
    public Future<Listed> write(TenantId tenant, String name, byte[] secret) {
        if (!NAME.matcher(name).matches()) {
            return invalid("name must be letters, digits and _, 1 to 128, not beginning with a digit, got \""
                    + Shown.of(name) + "\"");
        }
        if (secret.length > LONGEST) {
            return invalid("secret must have at most " + LONGEST + " bytes, got " + secret.length);
        }
        return keys.use(tenant.value())
                .compose(use ->
                        commit(use.keys(), tenant, name, secret, MOST_TRIES).eventually(use::close));
    }

    private Future<Listed> commit(Keys with, TenantId tenant, String name, byte[] secret, int tries) {
        var key = RegistryKey.secret(tenant, name);
        var was = registry.get(key);
        if (was == null && registry.list(RegistryKey.secrets(tenant)).size() >= MOST) {
            return Future.failedFuture(new Fault(
                    Kind.QUOTA, "there are " + MOST + " secrets, the most a tenant may have; delete one first"));
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var next = new StoredSecret(tenant, name, sealedContent(name, secret, with), now);
        var write = was == null ? RegistryWrite.create(key, next) : RegistryWrite.replace(key, was, next);
        return registry.commit(List.of(write))
                .compose(_ -> written(tenant, name))
                .recover(cause -> tries > 1 && Fault.from(cause).kind() == Kind.CONFLICT
                        ? commit(with, tenant, name, secret, tries - 1)
                        : Future.failedFuture(cause));
    }

    /** A tenant that was deleted meanwhile leaves no secret behind. */
    private Future<Listed> written(TenantId tenant, String name) {
        var record = registry.get(RegistryKey.secret(tenant, name));
        if (registry.get(RegistryKey.dataKey(tenant.value())) == null) {
            var gone = new Fault(Kind.TENANT_UNKNOWN, "there is no tenant \"" + tenant + "\"");
            return (record == null ? Future.<Void>succeededFuture() : remove(record))
                    .transform(_ -> Future.failedFuture(gone));
        }
        return record == null
                ? Future.failedFuture(new Fault(Kind.CONFLICT, "secret \"" + name + "\" was deleted at the same time"))
                : Future.succeededFuture(listed(record));
    }

    private Future<Void> remove(Versioned<StoredSecret> record) {
        var secret = record.value();
        return registry.commit(
                List.of(RegistryWrite.delete(RegistryKey.secret(secret.tenant(), secret.name()), record)));
    }

    @Override
    public Future<Boolean> delete(TenantId tenant, String name) {
        var record = NAME.matcher(name).matches() ? registry.get(RegistryKey.secret(tenant, name)) : null;
        return record == null ? Future.succeededFuture(false) : remove(record).map(true);
    }

    @Override
    public List<Listed> list(TenantId tenant) {
        return registry.list(RegistryKey.secrets(tenant)).stream()
                .map(SealedSecrets::listed)
                .toList();
    }

    private static Listed listed(Versioned<StoredSecret> record) {
        return new Listed(
                record.value().name(), record.revision(), record.value().changed());
    }

    private static <T> Future<T> invalid(String message) {
        return Future.failedFuture(new Fault(Kind.INVALID_INPUT, message));
    }
}
