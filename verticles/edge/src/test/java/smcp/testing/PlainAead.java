package smcp.testing;

import com.google.crypto.tink.Aead;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The node's key of a test: fixed, and used for so few messages that a fixed nonce harms nobody. */
final class PlainAead implements Aead {
    @Override
    public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
        return cipher(Cipher.ENCRYPT_MODE, plaintext, associatedData);
    }

    @Override
    public byte[] decrypt(byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException {
        return cipher(Cipher.DECRYPT_MODE, ciphertext, associatedData);
    }

    private static byte[] cipher(int mode, byte[] input, byte[] associatedData) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(new byte[16], "AES"), new GCMParameterSpec(128, new byte[12]));
        cipher.updateAAD(associatedData);
        return cipher.doFinal(input);
    }
}
