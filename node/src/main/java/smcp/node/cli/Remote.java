package smcp.node.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command that uses the control plane, and how it ends: 0 done, 1 failed, 2 wrong usage. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class Remote {
    static final String DEFAULT_ADMIN = "http://127.0.0.1:9080";

    private final Surroundings around;

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    @Option(
            names = "--admin",
            paramLabel = "URL",
            description = "Control plane of the node. Default: $SMCP_ADMIN, or " + DEFAULT_ADMIN)
    @Nullable
    String admin;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "File with the operator's token, or a tenant's. Default: $SMCP_TOKEN itself, the file $SMCP_TOKEN_FILE names, "
                            + "./.smcp/operator.token, ~/.smcp/operator.token")
    @Nullable
    Path tokenFile;

    @Option(names = "--json", description = "Print the node's answer as JSON")
    boolean json;

    Remote(Surroundings around) {
        this.around = around;
    }

    Surroundings around() {
        return around;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Runs a command that may fail. */
    int run(Consumer<AdminApi> command) {
        return ends(spec, () -> {
            try (var api = new AdminApi(address(), Tokens.admin(around, tokenFile))) {
                command.accept(api);
            }
            return 0;
        });
    }

    /** What a command does. */
    @FunctionalInterface
    interface Work {
        int run();
    }

    static int ends(CommandSpec spec, Work work) {
        try {
            return work.run();
        } catch (Failure e) {
            var err = spec.commandLine().getErr();
            err.println("smcp: " + Shown.text(String.valueOf(e.getMessage())));
            err.flush();
            return 1;
        } finally {
            spec.commandLine().getOut().flush();
        }
    }

    /** Prints an answer for the eye, or as it came if that was asked for. */
    void print(JsonNode answer, Function<JsonNode, String> human) {
        out().println(json ? pretty(answer) : Shown.text(human.apply(answer)));
    }

    static String pretty(JsonNode answer) {
        try {
            return AdminApi.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The arguments are wrong together. */
    ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private URI address() {
        var named = admin != null ? admin : around.variable("SMCP_ADMIN");
        return Addresses.parse(spec, "--admin", named == null ? DEFAULT_ADMIN : named);
    }
}
