package smcp.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The key-encryption keys: one encrypts, the older ones only open. They come from outside the stores, so that who has the stores alone has nothing. Loaded once, and again when a rotation asks.
 */
final class KeyEncryption {
    private final KeySource source;
    private volatile Loaded loaded;

    private record Loaded(KeysetHandle keyset, Aead aead, List<Keysets.One> keys) {
        static Loaded of(KeysetHandle keyset) throws GeneralSecurityException {
            return new Loaded(keyset, Keysets.aead(keyset), Keysets.each(keyset));
        }
    }

    private KeyEncryption(KeySource source, Loaded loaded) {
        this.source = source;
        this.loaded = loaded;
    }

    /**
     * Blocks.
     *
     * @param mayMake is there nothing yet that an older key would have to open?
     * @throws IOException with a sentence for the operator
     */
    static KeyEncryption open(KeySource source, boolean mayMake) throws IOException {
        var read = source.read();
        if (read.isEmpty() && !mayMake) {
            throw new IOException(
                    "the key-encryption key is missing (" + source
                            + "), and the registry holds keys that only it opens: put it back; a new one would open none of them");
        }
        try {
            if (read.isEmpty()) {
                source.write(Keysets.json(Keysets.fresh()));
            }
            return new KeyEncryption(source, read(source));
        } catch (GeneralSecurityException e) {
            throw noKeyset(source, e);
        }
    }

    private static Loaded read(KeySource source) throws IOException, GeneralSecurityException {
        var json = source.read();
        if (json.isEmpty()) {
            throw new IOException("the key-encryption key is missing (" + source + ")");
        }
        return Loaded.of(Keysets.ofJson(json.get()));
    }

    /** Without the cause's words: a parser's message may quote what it could not read. */
    private static IOException noKeyset(KeySource source, GeneralSecurityException e) {
        return new IOException("what comes from " + source + " is not a keyset as smcp vault keygen prints one ("
                + e.getClass().getSimpleName() + ")");
    }

    /** Takes up what the source has now. Blocks. */
    void reload() throws IOException {
        try {
            loaded = read(source);
        } catch (GeneralSecurityException e) {
            throw noKeyset(source, e);
        }
    }

    /**
     * Makes a new primary key, in the source first. Blocks.
     *
     * @throws UnsupportedOperationException if the source has its own way
     */
    void makePrimary() throws IOException {
        try {
            var grown = Keysets.grown(loaded.keyset(), true);
            source.write(Keysets.json(grown));
            loaded = Loaded.of(grown);
        } catch (GeneralSecurityException e) {
            throw new IOException("no new key can be made", e);
        }
    }

    /** Encrypts with the primary key of the moment, opens with all. */
    Aead aead() {
        return new Aead() {
            @Override
            public byte[] encrypt(byte[] plain, byte[] associated) throws GeneralSecurityException {
                return loaded.aead().encrypt(plain, associated);
            }

            @Override
            public byte[] decrypt(byte[] sealed, byte[] associated) throws GeneralSecurityException {
                return loaded.aead().decrypt(sealed, associated);
            }
        };
    }

    /** A keyset as it stands in a record. */
    record Wrapped(String kek, String keyset) {}

    Wrapped wrap(KeysetHandle keyset, byte[] where) throws GeneralSecurityException {
        var now = loaded;
        return new Wrapped(primary(now), Keysets.wrap(keyset, now.aead(), where));
    }

    KeysetHandle unwrap(String keyset, byte[] where) throws GeneralSecurityException {
        return Keysets.unwrap(keyset, loaded.aead(), where);
    }

    /** Which key {@code keyset} is encrypted with; null if none of those here. */
    @Nullable
    String keyOf(String keyset, byte[] where) {
        for (var key : loaded.keys()) {
            try {
                var _ = Keysets.unwrap(keyset, key.aead(), where);
                return Keysets.shown(key.id());
            } catch (GeneralSecurityException e) {
                // another one's
            }
        }
        return null;
    }

    /** Id of the key that encrypts. */
    String primary() {
        return primary(loaded);
    }

    private static String primary(Loaded loaded) {
        return Keysets.shown(loaded.keyset().getPrimary().getId());
    }

    /** Ids, the primary first. */
    List<String> ids() {
        return loaded.keys().stream().map(key -> Keysets.shown(key.id())).toList();
    }

    /** Where they come from, for messages. */
    String source() {
        return source.toString();
    }
}
