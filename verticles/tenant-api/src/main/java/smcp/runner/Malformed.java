package smcp.runner;

import java.io.IOException;

/** JSON that is not the message it should be. */
final class Malformed extends IOException {
    private static final long serialVersionUID = 1L;

    Malformed(String why) {
        super(why);
    }
}
