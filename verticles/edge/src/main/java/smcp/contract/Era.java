package smcp.contract;

/** Serves the messages of one family of revisions, from the envelope to the answer. */
@FunctionalInterface
public interface Era {
    /** Every path ends in exactly one answer; nothing is thrown. Called on the reply's context. */
    void serve(Inbound inbound, Reply reply);
}
