package smcp.session;

import java.util.Objects;
import smcp.contract.ClientFacts;
import smcp.contract.SessionRecord;
import smcp.protocol.Json;
import smcp.protocol.Revision;
import smcp.protocol.Splice;

/** What a legacy client said of itself when its session began. */
final class Facts {
    /** Until a client says which messages it wants, the server chooses (digest §9.8). */
    private static final String FIRST_LEVEL = "info";

    private Facts() {}

    static ClientFacts of(SessionRecord session) {
        var revision = Objects.requireNonNullElse(Revision.of(session.revision()), Revision.NEWEST_LEGACY);
        var level = Objects.requireNonNullElse(session.logLevel(), FIRST_LEVEL);
        return new ClientFacts(
                revision, Json.of(session.capabilities()), Json.of(session.clientInfo()), Json.of(Splice.quote(level)));
    }
}
