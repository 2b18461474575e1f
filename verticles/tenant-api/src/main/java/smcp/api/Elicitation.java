package smcp.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;

/**
 * Asks the user. Never ask for secrets by a form (MCP 2026-07-28, Elicitation); send the user to a page of yours by {@link #url}.
 *
 * @param <T> what an accepted answer holds
 */
public sealed interface Elicitation<T> extends Question<Elicited<T>> {
    /** Shown to the user. */
    String message();

    /** A form derived from a flat record of strings, numbers, booleans and enums. */
    record Form<T>(String message, Class<T> type) implements Elicitation<T> {}

    /** A form by a schema of the protocol's restricted kind. */
    record RawForm(String message, ObjectNode schema) implements Elicitation<ObjectNode> {}

    /** A page to open. Accepted means that the user agreed to open it, not that they are done there. */
    record Url(String message, URI url) implements Elicitation<ObjectNode> {}

    /** A form derived from a flat record. */
    static <T> Elicitation<T> form(String message, Class<T> type) {
        return new Form<>(message, type);
    }

    /** A form by a schema. */
    static Elicitation<ObjectNode> form(String message, ObjectNode schema) {
        return new RawForm(message, schema);
    }

    /** A page to open. */
    static Elicitation<ObjectNode> url(String message, URI url) {
        return new Url(message, url);
    }
}
