package smcp.api;

import java.util.Optional;

/**
 * What the user did with an elicitation.
 *
 * @param <T> what the form holds
 */
public sealed interface Elicited<T> {
    /** The user agreed and filled in the form. */
    record Accepted<T>(T content) implements Elicited<T> {}

    /** The user said no. */
    record Declined<T>() implements Elicited<T> {}

    /** The user closed the question without an answer. */
    record Cancelled<T>() implements Elicited<T> {}

    /** The content if it was accepted. */
    default Optional<T> accepted() {
        return this instanceof Accepted<T>(T content) ? Optional.of(content) : Optional.empty();
    }
}
