package smcp.contract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import smcp.protocol.Json;

/** What a sealed state is bound to: the request, as its meaning. A client that prints its arguments anew with other white space still sends the same request. */
public final class RequestDigest {
    private static final JsonFactory FACTORY = new JsonFactory();

    private RequestDigest() {}

    /** SHA-256 over method, name and the tokens of the arguments, hex. */
    public static String of(String method, String name, @Nullable Json arguments) {
        var digest = sha256();
        part(digest, 'm', method);
        part(digest, 'n', name);
        if (arguments != null) {
            tokens(digest, arguments);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void tokens(MessageDigest digest, Json json) {
        try (var parser = FACTORY.createParser(json.bytes(), json.from(), json.length())) {
            JsonToken token;
            while ((token = parser.nextToken()) != null) {
                part(digest, (char) ('A' + token.id()), parser.getText());
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("arguments are not JSON", e);
        }
    }

    /** Length first, so that no two sequences of parts look alike. */
    private static void part(MessageDigest digest, char kind, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((byte) kind);
        for (var shift = 24; shift >= 0; shift -= 8) {
            digest.update((byte) (bytes.length >>> shift));
        }
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
