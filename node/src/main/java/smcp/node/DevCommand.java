package smcp.node;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import smcp.node.cli.Packaging;

/** {@code smcp dev}: a node with tenants to try. */
@Command(
        name = "dev",
        description = {
            "Runs a node and deploys tenants that need no key: to try things on your own machine.",
            "A package that is already deployed is left as it is."
        },
        mixinStandardHelpOptions = true)
final class DevCommand implements Callable<Integer> {
    @Mixin
    private final NodeOptions options = new NodeOptions();

    @Option(
            names = "--tenant",
            paramLabel = "NAME=PACKAGE",
            description = "A tenant and its package: a folder, a zip or a jar. May be given again.")
    private final Map<String, Path> packages = new LinkedHashMap<>();

    private final long began = System.nanoTime();

    @Override
    public Integer call() {
        for (var guest : packages.entrySet()) {
            var wrong = Packaging.problem(guest.getKey(), guest.getValue());
            if (wrong != null) {
                System.err.println("smcp: --tenant " + guest.getKey() + "=" + guest.getValue() + ": " + wrong);
                return 2;
            }
        }
        return RunningNode.run(options::read, this::welcome);
    }

    private void welcome(Node node) throws IOException {
        var guests = new DevTenants(node);
        var outcomes = guests.deploy(packages);
        var base = "http://" + Shown.host(node.config().ingress().host()) + ":" + node.port();
        var text = new StringBuilder("\n");
        outcomes.forEach((tenant, outcome) -> text.append(
                outcome.isEmpty()
                        ? line("tenant " + tenant, base + "/t/" + tenant + "/mcp")
                        : line("tenant " + tenant, "NOT SERVED: " + outcome)));
        text.append(line(
                "control plane",
                "http://" + Shown.host(node.config().control().host()) + ":" + node.adminPort() + "/admin/v1"));
        text.append(line("operator token", "in " + node.operatorTokenFile()));
        guests.missing().forEach(what -> text.append(line("missing here", what)));
        text.append(line("ready after", String.format(Locale.ROOT, "%.1f s", uptimeSeconds())));
        outcomes.entrySet().stream()
                .filter(outcome -> outcome.getValue().isEmpty())
                .findFirst()
                .ifPresent(first -> text.append("\nTry:\n").append(curl(base, first.getKey())));
        text.append("\nCtrl-C stops the node.\n");
        System.out.println(text);
        System.out.flush();
    }

    private double uptimeSeconds() {
        var jvm = ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0;
        return Math.max(jvm, (System.nanoTime() - began) / 1e9);
    }

    private static String line(String what, String value) {
        return String.format(Locale.ROOT, "  %-20s %s%n", what, value);
    }

    /** A call of 2026-07-28, whole: what a client library sends. */
    private static String curl(String base, String tenant) {
        return "  curl -s " + base + "/t/" + tenant + "/mcp -H 'Content-Type: application/json'"
                + " -H 'Accept: application/json, text/event-stream' -H 'MCP-Protocol-Version: 2026-07-28' -H 'Mcp-Method: tools/list'"
                + " -d '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{\"_meta\":"
                + "{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}}}'\n";
    }
}
