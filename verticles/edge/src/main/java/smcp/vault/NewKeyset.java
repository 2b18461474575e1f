package smcp.vault;

import java.security.GeneralSecurityException;

/** Makes keysets of key-encryption keys, for operators who keep them elsewhere than in the node's file. */
public final class NewKeyset {
    private NewKeyset() {}

    /** A keyset with one key, as JSON. */
    public static String fresh() {
        try {
            return Keysets.json(Keysets.fresh());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no key can be made", e);
        }
    }

    /**
     * {@code keyset} with one more key.
     *
     * @param primary does the new key encrypt from now on? Otherwise it only opens, so that every node can be given it before one encrypts with it
     * @throws IllegalArgumentException if it is none
     */
    public static String grown(String keyset, boolean primary) {
        try {
            return Keysets.json(Keysets.grown(Keysets.ofJson(keyset), primary));
        } catch (GeneralSecurityException e) {
            throw notOne();
        }
    }

    /**
     * {@code keyset} whose newest key encrypts.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static String promoted(String keyset) {
        try {
            return Keysets.json(Keysets.promoted(Keysets.ofJson(keyset)));
        } catch (GeneralSecurityException e) {
            throw notOne();
        }
    }

    /** Without the parser's words, which may quote the key. */
    private static IllegalArgumentException notOne() {
        return new IllegalArgumentException("this is not a keyset as smcp vault keygen prints one");
    }
}
