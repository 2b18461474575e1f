package smcp.modern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.Seal;
import smcp.tenant.SealingKey;
import smcp.tenant.TenantId;
import smcp.tenant.VersionRef;

/**
 * Seals with AES-GCM by Tink, whose ciphertext names the key of the keyset it was made with, so keys rotate while chains are under way. The binding is the associated data: a state shown for another
 * tenant, principal or request does not open. The keyset stands in the registry, itself sealed with the node's key.
 */
public final class ChainSeal implements Seal {
    private static final Configuration AEAD = AeadConfig2026.get();
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A sealed state travels in a POST body; beyond this a tenant should keep its state elsewhere. */
    private static final int LONGEST = 256 << 10;

    private final Registry registry;
    private final Aead nodeKey;
    private final Duration life;
    private final InstantSource clock;
    private final Map<TenantId, Future<Aead>> keys = new ConcurrentHashMap<>();

    /**
     * @param nodeKey seals the keysets in the registry
     * @param life of a sealed state, from one round to the next
     */
    public ChainSeal(Registry registry, Aead nodeKey, Duration life, InstantSource clock) {
        this.registry = registry;
        this.nodeKey = nodeKey;
        this.life = life;
        this.clock = clock;
        registry.onChange(path -> {
            if (path.startsWith("seal/")) {
                keys.remove(new TenantId(path.substring("seal/".length())));
            }
        });
    }

    private record Plain(
            int v, int r, long t, String i, @Nullable String s) {}

    @Override
    public Future<String> seal(Chain chain, Binding binding) {
        return key(binding.tenant()).map(key -> {
            var plain = new Plain(
                    chain.version().number(), chain.round(), chain.issuedEpochSecond(), chain.id(), chain.state());
            try {
                var sealed = key.encrypt(JSON.writeValueAsBytes(plain), associated(binding));
                if (sealed.length > LONGEST) {
                    throw new Fault(Kind.LIMIT, "requestState: " + sealed.length + " bytes are more than " + LONGEST);
                }
                return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
            } catch (GeneralSecurityException | JsonProcessingException e) {
                throw new IllegalStateException("sealing failed", e);
            }
        });
    }

    @Override
    public Future<Chain> open(String sealed, Binding binding) {
        if (sealed.length() > LONGEST * 2) {
            return Future.failedFuture(refused());
        }
        return key(binding.tenant()).map(key -> {
            try {
                var plain = JSON.readValue(
                        key.decrypt(Base64.getUrlDecoder().decode(sealed), associated(binding)), Plain.class);
                var age = clock.instant().getEpochSecond() - plain.t();
                if (age > life.toSeconds() || age < -60) {
                    throw refused();
                }
                return new Chain(
                        new VersionRef(binding.tenant(), plain.v()), plain.r(), plain.t(), plain.i(), plain.s());
            } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
                throw refused();
            }
        });
    }

    private static Fault refused() {
        return new Fault(
                Kind.INVALID_PARAMS,
                "requestState is not one that was given for this request, or it has expired: start the request anew");
    }

    private static byte[] associated(Binding binding) {
        return (binding.tenant() + "\n" + binding.principal() + "\n" + binding.request())
                .getBytes(StandardCharsets.UTF_8);
    }

    private Future<Aead> key(TenantId tenant) {
        var loading = Promise.<Aead>promise();
        var known = keys.putIfAbsent(tenant, loading.future());
        if (known != null) {
            return known;
        }
        // what could not be had is tried again by the next caller
        load(tenant).onFailure(_ -> keys.remove(tenant, loading.future())).onComplete(loading);
        return loading.future();
    }

    private Future<Aead> load(TenantId tenant) {
        try {
            var stored = registry.get(RegistryKey.sealingKey(tenant));
            return stored != null ? Future.succeededFuture(unwrap(stored.value())) : create(tenant);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private Future<Aead> create(TenantId tenant) {
        try {
            var fresh = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, AEAD);
            var wrapped = TinkProtoKeysetFormat.serializeEncryptedKeyset(fresh, nodeKey, wrapping(tenant), AEAD);
            var record = new SealingKey(tenant, Base64.getEncoder().encodeToString(wrapped));
            var key = RegistryKey.sealingKey(tenant);
            return registry.commit(List.of(RegistryWrite.create(key, record)))
                    .recover(cause -> registry.get(key) == null ? Future.failedFuture(cause) : Future.succeededFuture())
                    .map(_ -> {
                        var stored = registry.get(key);
                        return unwrap(stored == null ? record : stored.value());
                    });
        } catch (GeneralSecurityException e) {
            return Future.failedFuture(e);
        }
    }

    private Aead unwrap(SealingKey key) {
        try {
            return TinkProtoKeysetFormat.parseEncryptedKeyset(
                            Base64.getDecoder().decode(key.keyset()), nodeKey, wrapping(key.tenant()), AEAD)
                    .getPrimitive(AEAD, Aead.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "the sealing key of " + key.tenant() + " does not open with this node's key", e);
        }
    }

    private static byte[] wrapping(TenantId tenant) {
        return ("seal/" + tenant).getBytes(StandardCharsets.UTF_8);
    }
}
