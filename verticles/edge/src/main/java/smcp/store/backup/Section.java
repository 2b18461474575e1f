package smcp.store.backup;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A run of records of one kind. The same section may come again: registry records of a later revision, or the values of an owner whose keys were replaced meanwhile, which then are all the values there are.
 *
 * @param owner a tenant, or the space of blobs; null for the registry
 */
record Section(Kind kind, @Nullable String owner) {
    /** What is in it. */
    enum Kind {
        REGISTRY,
        VALUES,
        SESSIONS,
        /** Marks of used states. */
        SPENT,
        BLOBS;

        @JsonValue
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final Section REGISTRY = new Section(Kind.REGISTRY, null);

    @Override
    public String toString() {
        return owner == null ? kind.word() : kind.word() + " of " + owner;
    }
}
