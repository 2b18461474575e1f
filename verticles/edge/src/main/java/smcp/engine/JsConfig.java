package smcp.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the JavaScript engine, block {@code js:} of the node's configuration.
 *
 * @param node the Node.js program; null: the one on the PATH
 * @param runner {@code runner.mjs} of the npm package {@code smcp-tenant}
 * @param flags for Node.js, before the runner; they bound the heap of each tenant
 */
public record JsConfig(
        @JsonProperty("node") @Nullable Path node,
        @JsonProperty(value = "runner", required = true) Path runner,
        @JsonProperty(value = "flags", required = true) List<String> flags) {
    /** A heap of 64 MiB, and a young generation so small that an idle tenant stays small. */
    public static final List<String> FLAGS = List.of("--max-old-space-size=64", "--max-semi-space-size=2");

    public JsConfig {
        flags = List.copyOf(flags);
        for (var flag : flags) {
            if (!flag.startsWith("-")) {
                throw new IllegalArgumentException("js.flags must begin with \"-\", got \"" + flag + "\"");
            }
        }
    }

    /** The usual flags and the Node.js on the PATH. */
    public static JsConfig of(Path runner) {
        return new JsConfig(null, runner, FLAGS);
    }
}
