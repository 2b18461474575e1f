package smcp.node.cli;

import java.io.Console;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a command finds around itself.
 *
 * @param environment variables
 * @param directory in which the command was started
 * @param home of the user
 * @param prompt asks the person at the terminal; null if there is none. Answers null at the end of input
 */
record Surroundings(
        Map<String, String> environment,
        Path directory,
        Path home,
        @Nullable Function<String, @Nullable String> prompt) {

    /** Of this process. The check believes JDK 22 to 24, which always had a console; since JDK 25 there is none without a terminal, as it was before. */
    @SuppressWarnings("SystemConsoleNull")
    static Surroundings ofProcess() {
        var console = System.console();
        return new Surroundings(
                System.getenv(),
                Path.of("").toAbsolutePath(),
                Path.of(System.getProperty("user.home", ".")),
                console != null && console.isTerminal() ? question -> ask(console, question) : null);
    }

    private static @Nullable String ask(Console console, String question) {
        return console.readLine("%s", question);
    }

    /** Is there a person to ask and to show progress to? */
    boolean interactive() {
        return prompt != null;
    }

    /** Null also for an empty variable. */
    @Nullable
    String variable(String name) {
        var value = environment.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }
}
