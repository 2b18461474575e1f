package smcp.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The shape of arguments or of a structured result: a Java type from which the schema is derived, or a JSON schema as it stands.
 *
 * @param <T> what tenant code holds in its hands
 */
public sealed interface Shape<T> {
    /** A record; its schema is derived, and listed without {@code $schema}. */
    record Typed<T>(Class<T> type) implements Shape<T> {}

    /** A JSON schema, dialect 2020-12; it is listed exactly as given. */
    record Raw<T>(ObjectNode schema) implements Shape<T> {}
}
