package smcp.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** An argument of a prompt as listed. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PromptArgument(
        String name, @Nullable String title, @Nullable String description, boolean required) {}
