package smcp.node.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the secrets that commands send. They come from files and variables, never from arguments: those are visible to every process of the machine. */
final class Tokens {
    private static final int LONGEST = 4096;

    private Tokens() {}

    /** The token for the control plane; a file that is named must be there, the usual places may be empty. */
    static String admin(Surroundings around, @Nullable Path named) {
        if (named != null) {
            return read("token", around.directory().resolve(named));
        }
        var value = around.variable("SMCP_TOKEN");
        if (value != null) {
            return checked("the variable SMCP_TOKEN", "token", value);
        }
        var file = around.variable("SMCP_TOKEN_FILE");
        if (file != null) {
            return read("token", around.directory().resolve(file));
        }
        var places = List.of(
                around.directory().resolve(".smcp").resolve("operator.token"),
                around.home().resolve(".smcp").resolve("operator.token"));
        for (var place : places) {
            if (Files.exists(place)) {
                return read("token", place);
            }
        }
        throw new Failure(
                "no token: there is none in SMCP_TOKEN, SMCP_TOKEN_FILE, " + places.get(0) + " or " + places.get(1)
                        + ".\nThe node writes the operator's when it first starts and prints where; name that file with --token-file.");
    }

    /** The key for the data plane; null to call without one. */
    static @Nullable String client(Surroundings around, @Nullable Path named) {
        if (named != null) {
            return read("key", around.directory().resolve(named));
        }
        var value = around.variable("SMCP_KEY");
        if (value != null) {
            return checked("the variable SMCP_KEY", "key", value);
        }
        var file = around.variable("SMCP_KEY_FILE");
        return file == null ? null : read("key", around.directory().resolve(file));
    }

    private static String read(String what, Path file) {
        try {
            if (Files.size(file) > LONGEST) {
                throw new Failure(file + " is no " + what + " file: it is longer than " + LONGEST + " bytes");
            }
            return checked(
                    file + " is no " + what + " file: it",
                    what,
                    Files.readString(file).strip());
        } catch (IOException e) {
            throw new Failure("cannot read the " + what + " file " + file + ": " + Failures.reason(e));
        }
    }

    /** It goes into a header, and must not be shown when it does not fit there. */
    private static String checked(String where, String what, String token) {
        if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new Failure(where + " must hold one " + what + " on one line");
        }
        return token;
    }
}
