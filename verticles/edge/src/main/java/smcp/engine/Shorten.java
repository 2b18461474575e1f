package smcp.engine;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Text of a stranger in a message of ours. */
final class Shorten {
    private Shorten() {}

    static String to(int most, @Nullable String text) {
        var given = Objects.requireNonNullElse(text, "");
        return given.length() <= most ? given : given.substring(0, most) + "…";
    }
}
