package smcp.store.quorum;

/** What became of a request. */
sealed interface Outcome {
    record Done(long revision) implements Outcome {}

    /**
     * Nothing was changed.
     *
     * @param at which of the items
     * @param live the revision that its record has; 0 if there is none
     */
    record Conflict(int at, long live) implements Outcome {}
}
