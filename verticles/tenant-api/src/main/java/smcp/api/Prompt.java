package smcp.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A registered prompt; made by {@link PromptBuilder}.
 *
 * @param type the record the arguments are read into, or null for a map of strings
 * @param arguments those described by hand; with a record, they are derived from it
 */
public record Prompt<A>(
        String name,
        Labels labels,
        @Nullable Class<A> type,
        List<PromptArgument> arguments,
        Map<String, Completer> completers,
        Handler<A> handler) {
    public Prompt {
        arguments = List.copyOf(arguments);
        completers = Map.copyOf(completers);
    }

    /** The code of a prompt; it runs again from its start in every round of questions to the client. */
    @FunctionalInterface
    public interface Handler<A> {
        /** The messages. */
        PromptResult handle(A arguments, Call call) throws Exception;
    }
}
