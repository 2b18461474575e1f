package smcp.node.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/** Turns what the JDK throws into sentences with a next step. */
final class Failures {
    private Failures() {}

    static String reason(@Nullable Throwable cause) {
        return switch (cause) {
            case null -> "unknown";
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "permission denied";
            case CharacterCodingException _ -> "it is no text in UTF-8";
            case NotDirectoryException _ -> "it is no folder";
            case FileAlreadyExistsException _ -> "it is there already";
            // its message begins with the file, which who asks has named
            case FileSystemException e when e.getReason() != null -> e.getReason();
            case FileSystemException e ->
                "the operating system refused (" + e.getClass().getSimpleName() + ")";
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
