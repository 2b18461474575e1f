package smcp.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A program to run.
 *
 * @param argv the first is an absolute path: there is no PATH to look in
 * @param environment all of it; nothing of the node's own is passed on
 */
record Command(List<String> argv, Map<String, String> environment, Path directory) {
    Command {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
    }
}
