package smcp.runner;

/** One call, accepted and not yet run. */
public interface Execution {
    /** Runs tenant code to its end on this thread; everything it says goes to the {@link RunnerReply}. To be called once. */
    void run();

    /**
     * Gives the call up, from any thread, at any time, any number of times. Cancel hooks run on this thread. No callback begins after
     * it returns; one that is under way on another thread may still end.
     */
    void cancel(OnCancel manner);

    /** What happens to the thread of a cancelled call. */
    enum OnCancel {
        /** Tenant code is told and ends when it likes. */
        TELL,
        /** Its thread is interrupted too, unless the tool is inline: then the thread belongs to the host. */
        INTERRUPT
    }
}
