package smcp.node.cli;

import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Addresses of nodes as users write them. */
final class Addresses {
    private Addresses() {}

    static URI parse(CommandSpec spec, String option, String text) {
        try {
            var address = new URI(text.endsWith("/") ? text : text + "/");
            if (("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
                    && address.getHost() != null) {
                return address;
            }
        } catch (URISyntaxException e) {
            // the same answer as for another scheme
        }
        throw new ParameterException(
                spec.commandLine(), option + " must be a URL such as http://127.0.0.1:9080, got \"" + text + "\"");
    }
}
