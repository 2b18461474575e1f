package smcp.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of files, hex. */
final class Hashing {
    private Hashing() {}

    static String of(Path file) throws IOException {
        return copy(file, OutputStream.nullOutputStream(), Long.MAX_VALUE);
    }

    /** Copies at most what is allowed and a piece, hashing it: so what is inspected is what is kept, whatever happens to the upload. */
    static String copy(Path upload, Path target, long most) throws IOException {
        try (var out = Files.newOutputStream(target)) {
            return copy(upload, out, most);
        }
    }

    private static String copy(Path from, OutputStream out, long most) throws IOException {
        var digest = sha256();
        try (var in = Files.newInputStream(from)) {
            var buffer = new byte[64 << 10];
            var length = 0L;
            for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                length += read;
                if (length > most) {
                    throw Invalid.because("a package must have at most " + most + " bytes, this has more");
                }
                digest.update(buffer, 0, read);
                out.write(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it (MessageDigest)
        }
    }
}
