package smcp.router;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Writes docs/benchmarks/routing.md: what the policy does in each scenario, so that a change of it is a diff that one can read. */
public final class RoutingReport {
    private RoutingReport() {}

    /** The one argument is the file. */
    public static void main(String[] args) throws IOException {
        Files.writeString(Path.of(args[0]), text(Scenario.all()));
    }

    static String text(Collection<Scenario> scenarios) {
        var lines = new ArrayList<>(List.of(
                "# Routing in virtual time",
                "",
                "Written by `scripts/bench routing`; a test fails while this page is not what the code produces. The router's own classes (policy, table, reports, health, route) run against tenants, links, a bus and a membership that are played in virtual",
                "time with fixed seeds. So the figures say what is chosen, and how well; they are no measurement of the machine.",
                "",
                "Calls come at random moments (Poisson) and run 20 ms in the mean (10 to 30); an engine works on 32 at once, 256 wait, and it takes 300 ms to start. Round trips are 0.3 ms in a zone, 1 ms in a region. Facts travel every 250 ms and arrive half a",
                "round trip and 1 ms later. A third of the calls are of a tool that is harmless to repeat. Settings are the defaults (`RouterConfig`).",
                "",
                "*Executed on*: attempts that reached a tenant. *Wrong choices*: calls sent to a node on which one who knows everything at that moment expects them to cost a fifth and 10 ms more than on the best, or which was not there any more. *Failed*: answered",
                "by the platform with a fault. *Cut*: the node that the client was connected to was gone."));
        for (var scenario : scenarios) {
            lines.add("");
            lines.addAll(scenario.section());
        }
        return String.join("\n", lines) + "\n";
    }
}
