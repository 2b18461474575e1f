package smcp.node.cli;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs commands as the program does, and catches what they print. */
final class Shell {
    private final Map<String, String> environment = new TreeMap<>();
    private final Path directory;
    private final Queue<String> answers = new ArrayDeque<>();
    private boolean terminal;

    Shell(Path directory) {
        this.directory = directory;
    }

    @Command(name = "smcp")
    private static final class Root {}

    /** How a command ended. */
    record Ended(int code, String out, String err) {}

    @CanIgnoreReturnValue
    Shell with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Somebody sits at a terminal and types these lines. */
    @CanIgnoreReturnValue
    Shell typing(String... lines) {
        terminal = true;
        answers.addAll(Arrays.asList(lines));
        return this;
    }

    @CanIgnoreReturnValue
    Ended run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        Function<String, @Nullable String> prompt = question -> {
            err.write(question);
            return answers.poll();
        };
        var root = new CommandLine(new Root());
        ClientCommands.addTo(root, new Surroundings(environment, directory, directory, terminal ? prompt : null));
        root.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        var code = root.execute(arguments);
        return new Ended(code, out.toString(), err.toString());
    }

    /** All command lines there are, each by its words. */
    static List<CommandLine> commands() {
        var root = new CommandLine(new Root());
        ClientCommands.addTo(root, new Surroundings(Map.of(), Path.of(""), Path.of(""), null));
        return root.getSubcommands().values().stream()
                .flatMap(command -> command.getSubcommands().isEmpty()
                        ? List.of(command).stream()
                        : command.getSubcommands().values().stream())
                .toList();
    }
}
