package smcp.node.cli;

/** A command that did not do what it was asked; the message says why, and what to do next where that is known. */
final class Failure extends RuntimeException {
    Failure(String message) {
        super(message, null, false, false);
    }
}
