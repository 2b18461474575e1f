package smcp.node.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Turns what the JDK throws into sentences with a next step. */
final class Failures {
    private Failures() {}

    static String reason(@Nullable Throwable cause) {
        return switch (cause) {
            case null -> "unknown";
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "permission denied";
            default -> {
                var message = cause.getMessage();
                yield message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
            }
        };
    }

    static Failure unreachable(URI address, String option, IOException cause) {
        return switch (cause) {
            case HttpConnectTimeoutException _, ConnectException _ ->
                new Failure("cannot connect to " + address + ": is the node running? scripts/run starts one; " + option
                        + " names another address");
            case HttpTimeoutException _ -> new Failure(address + " did not answer in time");
            default -> new Failure("the connection to " + address + " broke: " + reason(cause));
        };
    }
}
