package smcp.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a prompt expands to. */
public record PromptResult(@Nullable String description, List<PromptMessage> messages) {
    public PromptResult {
        messages = List.copyOf(messages);
    }

    /** These messages. */
    public static PromptResult of(PromptMessage... messages) {
        return new PromptResult(null, List.of(messages));
    }

    /** One text said by the user. */
    public static PromptResult user(String text) {
        return of(PromptMessage.user(text));
    }
}
