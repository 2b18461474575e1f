package smcp.api;

/**
 * Ends a handler because the client must answer first; not a failure. It is an {@link Error} so that a {@code catch (Exception)} lets
 * it pass. Code that catches it all the same changes nothing: the call ends as {@code input_required}.
 */
public final class InputRequired extends Error {
    /** The only instance: it has neither trace nor cause, and what is asked for is kept with the call. */
    @SuppressWarnings(
            "StaticAssignmentOfThrowable") // no trace, no cause, no suppressed: nothing of a call sticks to it
    public static final InputRequired SIGNAL = new InputRequired();

    private InputRequired() {
        super("the client is asked; the handler will run again from its start", null, false, false);
    }
}
