package smcp.node.cli;

import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is said of a command line that is wrong: the mistake, and where help is. The whole usage would push the mistake out of sight. */
final class UsageMistake implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException mistake, String[] arguments) {
        var command = mistake.getCommandLine();
        var err = command.getErr();
        err.println("smcp: " + Shown.text(words(mistake)));
        if (!UnmatchedArgumentException.printSuggestions(mistake, err)
                && !(command.getCommandSpec().userObject() instanceof Callable<?>)) {
            err.println("It is one of: "
                    + command.getSubcommands().values().stream()
                            .map(CommandLine::getCommandName)
                            .distinct()
                            .collect(Collectors.joining(", ")));
        }
        err.println("See " + command.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** Without the names of Java's types. */
    private static String words(ParameterException mistake) {
        return String.valueOf(mistake.getMessage()).replaceAll(" is not an? (int|long)$", " is not a whole number");
    }
}
