package smcp.runner;

import java.util.List;

/** Arguments that do not fit their schema; carried to the place that turns them into a result. */
final class Unfit extends Exception {
    private static final long serialVersionUID = 1L;

    Unfit(List<String> violations) {
        super(String.join("\n", violations), null, false, false);
    }
}
