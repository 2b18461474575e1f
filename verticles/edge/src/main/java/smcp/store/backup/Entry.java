package smcp.store.backup;

import io.vertx.core.buffer.Buffer;
import smcp.contract.ValueStore.Value;
import smcp.store.Copies.KeptMark;
import smcp.store.Copies.KeptSession;
import smcp.store.RegistryStore.Stored;

/** What a reader comes to. */
sealed interface Entry {
    /** A section begins; it ends where the next one begins, or the backup. */
    record Begun(Section section) implements Entry {}

    record OfRegistry(Stored stored) implements Entry {}

    record OfValues(String key, Value value) implements Entry {}

    record OfSessions(KeptSession session) implements Entry {}

    record OfSpent(KeptMark mark) implements Entry {}

    /** A blob begins; its pieces follow. */
    record OfBlobs(String name, long bytes) implements Entry {}

    /** @param content empty: the blob is whole */
    record Piece(Buffer content) implements Entry {}
}
