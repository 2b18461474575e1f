package smcp.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Describes a prompt up to its code, which registers it. Used by one thread.
 *
 * @param <A> the arguments as the code gets them
 */
public final class PromptBuilder<A> {
    private final Mcp mcp;
    private final String name;
    private final @Nullable Class<A> type;
    private final List<PromptArgument> arguments = new ArrayList<>();
    private final Map<String, Completer> completers = new HashMap<>();
    private Labels labels = Labels.NONE;

    private PromptBuilder(Mcp mcp, String name, @Nullable Class<A> type) {
        this.mcp = mcp;
        this.name = name;
        this.type = type;
    }

    static PromptBuilder<Map<String, String>> named(Mcp mcp, String name) {
        return new PromptBuilder<>(mcp, name, null);
    }

    /** A name for people. */
    public PromptBuilder<A> title(String title) {
        labels = labels.title(title);
        return this;
    }

    /** What it is for. */
    public PromptBuilder<A> description(String description) {
        labels = labels.description(description);
        return this;
    }

    /** Pictures for user interfaces. */
    public PromptBuilder<A> icons(Icon... icons) {
        labels = labels.icons(icons);
        return this;
    }

    /** Foreign {@code _meta} of the list entry. */
    public PromptBuilder<A> meta(ObjectNode meta) {
        labels = labels.meta(meta);
        return this;
    }

    /**
     * Arguments as a record of strings, numbers, booleans and enums; a call without a required one is refused. Describes the
     * arguments, so it stands in place of {@link #required} and {@link #optional}.
     */
    public <B> PromptBuilder<B> arguments(Class<B> record) {
        if (!arguments.isEmpty())
            throw new IllegalStateException(
                    "prompt " + name + ": arguments are described twice, by hand and by " + record);
        var typed = new PromptBuilder<>(mcp, name, record);
        typed.labels = labels;
        typed.completers.putAll(completers);
        return typed;
    }

    /** An argument without which the prompt is refused. */
    public PromptBuilder<A> required(String argument, String description) {
        return argument(new PromptArgument(argument, null, description, true));
    }

    /** An argument that may be left out; it is then absent from the map. */
    public PromptBuilder<A> optional(String argument, String description) {
        return argument(new PromptArgument(argument, null, description, false));
    }

    /** Suggests values for an argument while a user types. */
    public PromptBuilder<A> complete(String argument, Completer completer) {
        completers.put(argument, completer);
        return this;
    }

    /** Registers the prompt with its code. */
    public void handle(Prompt.Handler<A> handler) {
        mcp.add(new Prompt<>(name, labels, type, arguments, completers, handler));
    }

    private PromptBuilder<A> argument(PromptArgument argument) {
        if (type != null)
            throw new IllegalStateException(
                    "prompt " + name + ": arguments are described twice, by hand and by " + type);
        arguments.add(argument);
        return this;
    }
}
