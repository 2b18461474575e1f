package smcp.runner;

import java.util.Arrays;
import java.util.Optional;

/** Words for what went wrong at a start, and the line of tenant code it came from. */
final class StartFailures {
    private StartFailures() {}

    static StartFailure of(String entry, Throwable cause) {
        var what = switch (cause) {
            case ClassNotFoundException e when entry.equals(e.getMessage()) -> "class not found in the package";
            case NoSuchMethodException _ -> "it needs a public constructor without arguments";
            case LinkageError e -> "linking failed: " + e;
            case IllegalArgumentException e -> Operation.messageOf(e);
            default -> cause.getClass().getName() + ": " + Operation.messageOf(cause);
        };
        return new StartFailure(
                "entry " + entry + ": " + what
                        + place(cause).map(at -> " (" + at + ")").orElse(""),
                cause);
    }

    private static Optional<String> place(Throwable cause) {
        return Arrays.stream(cause.getStackTrace())
                .takeWhile(frame -> !frame.getClassName().equals(Runner.class.getName()))
                .filter(
                        frame -> !frame.getClassName()
                                .matches(
                                        "(smcp\\.(api|runner)|java|jdk|com\\.fasterxml|com\\.networknt|com\\.github\\.victools)\\..*"))
                .filter(frame -> frame.getFileName() != null && frame.getLineNumber() > 0)
                .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                .findFirst();
    }
}
