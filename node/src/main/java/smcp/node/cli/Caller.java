package smcp.node.cli;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of the commands that call a tenant as an MCP client does. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class Caller {
    static final String DEFAULT_URL = "http://127.0.0.1:8080";

    private final Surroundings around;

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "MCP side of the node. Default: $SMCP_URL, or " + DEFAULT_URL)
    @Nullable
    String url;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description =
                    "File with a client's key. Default: $SMCP_KEY itself, or the file $SMCP_KEY_FILE names; without one the tenant must be open")
    @Nullable
    Path keyFile;

    Caller(Surroundings around) {
        this.around = around;
    }

    Surroundings around() {
        return around;
    }

    McpEndpoint endpoint(String tenant) {
        var named = url != null ? url : around.variable("SMCP_URL");
        URI base = Addresses.parse(spec, "--url", named == null ? DEFAULT_URL : named);
        return new McpEndpoint(base, tenant, Tokens.client(around, keyFile));
    }
}
