package smcp.api;

/** One message of a prompt. */
public record PromptMessage(Role role, Content content) {
    /** Text said by the user. */
    public static PromptMessage user(String text) {
        return new PromptMessage(Role.USER, Content.text(text));
    }

    /** A block said by the user. */
    public static PromptMessage user(Content content) {
        return new PromptMessage(Role.USER, content);
    }

    /** Text said by the model. */
    public static PromptMessage assistant(String text) {
        return new PromptMessage(Role.ASSISTANT, Content.text(text));
    }
}
