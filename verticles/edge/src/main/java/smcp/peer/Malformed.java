package smcp.peer;

/** What a peer sent is not what this program can read. An answer about bytes, not a programming error: no stack trace. */
final class Malformed extends RuntimeException {
    Malformed(String message) {
        super(message, null, false, false);
    }
}
