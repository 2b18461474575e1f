package smcp.tenant;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a principal may do at a tenant, down to tool names.
 *
 * @param tools names of tools that may be called; a trailing {@code *} stands for any ending; {@code ["*"]} is all
 */
public record Permissions(List<String> tools) {
    public static final Permissions ALL = new Permissions(List.of("*"));
    private static final int MOST = 1000;

    @JsonCreator
    public Permissions(@JsonProperty("tools") @Nullable List<String> tools) {
        this.tools = tools == null ? List.of("*") : List.copyOf(tools);
        if (this.tools.size() > MOST) {
            throw new IllegalArgumentException(
                    "permissions.tools must have at most " + MOST + " entries, got " + this.tools.size());
        }
    }

    public boolean allowsTool(String name) {
        for (var pattern : tools) {
            var wild = pattern.endsWith("*");
            if (wild ? name.startsWith(pattern.substring(0, pattern.length() - 1)) : name.equals(pattern)) {
                return true;
            }
        }
        return false;
    }

    /** True if no tool is out of reach, so that lists need no filtering. */
    public boolean allTools() {
        return tools.contains("*");
    }
}
