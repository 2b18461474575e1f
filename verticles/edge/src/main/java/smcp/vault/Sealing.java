package smcp.vault;

import com.google.crypto.tink.Aead;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.contract.BlobStore;
import smcp.contract.KeyRotation;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.Secrets;
import smcp.contract.ValueStore;
import smcp.contract.Vault;
import smcp.tenant.DataKey;
import smcp.tenant.TenantId;

/** Everything of a node that seals, around one set of keys. */
public final class Sealing {
    private static final Logger log = LoggerFactory.getLogger(Sealing.class);

    private final Vertx vertx;
    private final Registry registry;
    private final VaultConfig config;
    private final InstantSource clock;
    private final KeyEncryption kek;
    private final DataKeys keys;
    private final Crypto crypto;
    private final SealedSecrets secrets;
    private final Rotation rotation;

    /**
     * What a decorator does.
     *
     * @param seals what is written
     * @param acceptsUnsealed what was written before it did
     */
    record Mode(boolean seals, boolean acceptsUnsealed) {
        boolean readsUnsealed() {
            return !seals || acceptsUnsealed;
        }
    }

    private Sealing(Vertx vertx, Registry registry, VaultConfig config, InstantSource clock, KeyEncryption kek) {
        this.vertx = vertx;
        this.registry = registry;
        this.config = config;
        this.clock = clock;
        this.kek = kek;
        this.crypto = new Crypto(vertx);
        this.keys = new DataKeys(registry, kek, this::exists);
        this.secrets = new SealedSecrets(registry, keys, clock);
        this.rotation = new Rotation(registry, kek, keys, config, clock);
        rotation.add(new KeptSecrets(registry, secrets));
    }

    /**
     * Loads the key-encryption keys, making the first one if there is nothing yet that one would have to open. Blocks.
     *
     * @param dataDir of this node
     * @param environment variables of this process
     * @throws IOException with a sentence for the operator
     */
    public static Sealing open(
            Vertx vertx,
            Registry registry,
            VaultConfig config,
            Path dataDir,
            Map<String, String> environment,
            InstantSource clock)
            throws IOException {
        var records = registry.list(RegistryKey.DATA_KEYS);
        var seals = registry.list(RegistryKey.SEALING_KEYS);
        var kek = KeyEncryption.open(KeySource.of(config, dataDir, environment), records.isEmpty() && seals.isEmpty());
        var strange = records.stream()
                .filter(record -> !kek.ids().contains(record.value().kek()))
                .count();
        if (strange > 0 && strange == records.size()) {
            throw new IOException("none of the " + strange + " data keys in the registry was encrypted with a key of "
                    + kek.source() + ", which has " + String.join(", ", kek.ids()) + "; the first one needs "
                    + records.getFirst().value().kek() + ": it is the keyset of another node or cluster");
        }
        if (strange > 0) {
            log.atError()
                    .addKeyValue("records", strange)
                    .addKeyValue("source", kek.source())
                    .log(
                            "some data keys are encrypted with a key-encryption key that this node has not; what they seal does"
                                    + " not open here");
        }
        return new Sealing(vertx, registry, config, clock, kek);
    }

    private boolean exists(String owner) {
        return owner.equals(DataKey.PLATFORM) || registry.get(RegistryKey.tenant(new TenantId(owner))) != null;
    }

    /** Encrypts other keys with the key-encryption key of the moment. */
    public Aead keyEncryption() {
        return kek.aead();
    }

    public Vault vault() {
        return new TenantVault(keys, crypto);
    }

    public Secrets secrets() {
        return secrets;
    }

    public KeyRotation rotation() {
        return rotation;
    }

    /** {@code raw}, sealed as the configuration says; rotations take care of it from now on. */
    public ValueStore over(ValueStore raw) {
        var mode = new Mode(config.sealValues(), config.acceptUnsealed());
        var values = new SealedValues(raw, keys, crypto, mode);
        rotation.add(new KeptValues(raw, values, clock));
        return values;
    }

    /** {@code raw}, sealed as the configuration says; rotations take care of it from now on. */
    public BlobStore over(BlobStore raw) {
        var mode = new Mode(config.sealBlobs(), config.acceptUnsealed());
        var blobs = new SealedBlobs(raw, keys, mode);
        rotation.add(new KeptBlobs(raw, blobs, mode, vertx.getOrCreateContext()));
        return blobs;
    }

    /** Goes on with rotations that were under way; to be called when every store is there. */
    @CanIgnoreReturnValue
    public Sealing resume() {
        rotation.resume();
        return this;
    }

    /** Stops what runs in the background; it goes on at the next start. */
    public void close() {
        rotation.close();
    }
}
