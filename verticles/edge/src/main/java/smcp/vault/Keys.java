package smcp.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.stream.Collectors;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;

/**
 * The data keys of one owner, as its record was at one revision. Every ciphertext is bound to owner and context: bytes that were moved elsewhere do not open.
 *
 * @param primary id of the key that seals
 * @param ids of all keys
 */
record Keys(String owner, long revision, KeysetHandle keyset, Aead aead, int primary, Set<Integer> ids) {
    static Keys of(String owner, long revision, KeysetHandle keyset) throws GeneralSecurityException {
        var ids = Keysets.each(keyset).stream().map(Keysets.One::id).collect(Collectors.toUnmodifiableSet());
        return new Keys(
                owner,
                revision,
                keyset,
                Keysets.aead(keyset),
                keyset.getPrimary().getId(),
                ids);
    }

    byte[] seal(String context, byte[] plain) {
        try {
            return aead.encrypt(plain, associated(context));
        } catch (GeneralSecurityException e) {
            throw new Fault(Kind.INTERNAL, "sealing failed", e);
        }
    }

    byte[] open(String context, byte[] sealedBytes) {
        try {
            return aead.decrypt(sealedBytes, associated(context));
        } catch (GeneralSecurityException e) {
            throw refused(context, sealedBytes);
        }
    }

    private Fault refused(String context, byte[] sealedBytes) {
        var key = Keysets.keyOf(sealedBytes, 0);
        return key != null && !ids.contains(key)
                ? new Fault(
                        Kind.SEALED,
                        Contexts.shown(owner, context) + " is sealed with data key " + Keysets.shown(key)
                                + ", which is gone")
                : new Fault(
                        Kind.SEALED,
                        Contexts.shown(owner, context)
                                + " does not open: it was changed where it is stored, or put there from elsewhere");
    }

    /** An owner's name has no line break, so no two pairs make the same bytes. */
    byte[] associated(String context) {
        return (owner + "\n" + context).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "Keys[" + owner + ", primary " + Keysets.shown(primary) + "]";
    }
}
