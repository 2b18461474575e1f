package smcp.runner;

/** A tenant did not start; the message says what is wrong and where, for the person who deployed it. */
public final class StartFailure extends Exception {
    StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
