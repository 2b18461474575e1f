package smcp.store.backup;

import java.io.IOException;
import java.util.HashMap;
import smcp.contract.SessionRecord;

/** Sessions in a backup. */
final class Sessions {
    private Sessions() {}

    static byte[] write(SessionRecord session) {
        return Format.write(session);
    }

    static SessionRecord read(byte[] json) throws IOException {
        return Format.read(json, SessionRecord.class);
    }

    /** As it is over change logs that begin anew: positions in the old ones mean nothing there, and everything that comes is news. */
    static SessionRecord rebased(SessionRecord was) {
        var subscriptions = new HashMap<>(was.subscriptions());
        subscriptions.replaceAll((_, _) -> 0L);
        return new SessionRecord(
                was.id(),
                was.version(),
                was.principal(),
                was.revision(),
                was.capabilities(),
                was.clientInfo(),
                was.logLevel(),
                subscriptions,
                0,
                was.created(),
                was.stamp());
    }
}
