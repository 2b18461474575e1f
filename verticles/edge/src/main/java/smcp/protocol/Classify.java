package smcp.protocol;

import org.jspecify.annotations.Nullable;

/** Which era a POSTed message belongs to: by what it looks like, never by its connection (digest §2.1). */
public final class Classify {
    /** What a message is. */
    public enum Verdict {
        LEGACY,
        MODERN,
        /** No claim in the body, but a header that names a modern revision: the required {@code _meta} is missing. */
        META_MISSING,
        /** {@code initialize} under a header that names a modern revision. */
        HEADER_MISMATCH
    }

    private Classify() {}

    /** @param versionHeader {@code MCP-Protocol-Version} as it came */
    public static Verdict of(Envelope message, @Nullable String versionHeader) {
        var headerModern = Revision.namesModern(versionHeader == null ? null : versionHeader.strip());
        return switch (message.kind()) {
            case BATCH, RESPONSE -> Verdict.LEGACY;
            case NOTIFICATION -> message.claimsModern() || headerModern ? Verdict.MODERN : Verdict.LEGACY;
            case REQUEST -> {
                var initialize = Method.INITIALIZE.wire().equals(message.method());
                // a handshake is only not one if it claims what is no legacy revision (digest §2.1, rows 7 and 8)
                if (initialize ? message.namesModern() : message.claimsModern()) {
                    yield Verdict.MODERN;
                }
                if (initialize) {
                    yield headerModern ? Verdict.HEADER_MISMATCH : Verdict.LEGACY;
                }
                yield headerModern ? Verdict.META_MISSING : Verdict.LEGACY;
            }
        };
    }
}
