package smcp.node.cli;

import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code smcp logs} */
@Command(
        name = "logs",
        description = "Print the newest lines a tenant printed on this node.",
        mixinStandardHelpOptions = true)
final class LogsCommand implements Callable<Integer> {
    @Mixin
    final Remote remote;

    @Parameters(paramLabel = "TENANT")
    String tenant = "";

    @Option(names = "--lines", paramLabel = "N", description = "At most so many. Default: 200", defaultValue = "200")
    int lines;

    LogsCommand(Surroundings around) {
        remote = new Remote(around);
    }

    @Override
    public Integer call() {
        return remote.run(api -> {
            var answer = api.get(AdminApi.tenant(tenant) + "/logs?lines=" + lines);
            if (remote.json || !answer.path("lines").isEmpty()) {
                remote.print(
                        answer,
                        _ -> StreamSupport.stream(answer.path("lines").spliterator(), false)
                                .map(line -> Shown.line(line.asText()))
                                .collect(Collectors.joining("\n")));
            }
        });
    }
}
