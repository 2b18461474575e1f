package smcp.tenant;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What runs a version's code. */
public enum EngineKind {
    /** An ES module in a Node.js process of its own. */
    JS,
    /** A jar inside the node, in its own class loader; no isolation. */
    VERTICLE;

    @JsonCreator
    static EngineKind parse(String text) {
        return Arrays.stream(values())
                .filter(kind -> kind.word().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("smcp.json: engine must be one of "
                        + Arrays.stream(values()).map(EngineKind::word).collect(Collectors.joining(", ")) + ", got \""
                        + Shown.of(text) + "\""));
    }

    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
