package smcp.store.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A change or reading of several steps, in Lua, that Redis runs as one. It must answer something (a Lua {@code nil} or {@code false} would read as no answer), and numbers beyond 2^53 or with a fraction do not survive Lua.
 *
 * @param name for messages
 * @param sha1 what Redis knows it by ({@code EVALSHA})
 */
record Script(String name, String source, String sha1) {

    static Script of(String name, String source) {
        return new Script(name, source, sha1(source));
    }

    /** The file {@code <name>.lua} beside this class. */
    static Script resource(String name) {
        try (var in = Script.class.getResourceAsStream(name + ".lua")) {
            if (in == null) {
                throw new IllegalStateException("there is no script " + name + ".lua");
            }
            return of(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String source) {
        try {
            var digest = MessageDigest.getInstance("SHA-1");
            return HexFormat.of().formatHex(digest.digest(source.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
