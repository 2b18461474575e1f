package smcp.node.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import smcp.cluster.Authority;

/** {@code smcp cluster …} */
final class ClusterCommands {
    private static final String HOSTS_OF_ONE = "/";
    private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);
    private static final int MOST_NODES = 256;

    private ClusterCommands() {}

    /** What a command makes, its failures as sentences. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private static int ends(CommandSpec spec, Work work) {
        return Remote.ends(spec, () -> {
            try {
                work.run();
                return 0;
            } catch (IOException e) {
                throw new Failure(Failures.reason(e));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
            }
        });
    }

    private static List<String> split(String hosts) {
        return List.of(hosts.split(HOSTS_OF_ONE, -1));
    }

    private static Duration days(CommandSpec spec, int days) {
        if (days < 1 || days > 3_650) {
            throw new ParameterException(spec.commandLine(), "--days must be 1 to 3650, got " + days);
        }
        return Duration.ofDays(days);
    }

    private static void tell(PrintWriter out, Authority.Made made) {
        out.println("  " + Shown.line(made.directory() + "/") + "  to "
                + made.node().name() + ", certificate good until " + DAY.format(made.ends()));
    }

    private static void next(PrintWriter out) {
        out.println(
                "Copy each directory to its node, for example to /etc/smcp/cluster, readable by the node's user alone, and say there:");
        out.println();
        out.println("  cluster:");
        out.println("    enabled: true");
        out.println("    tls: /etc/smcp/cluster");
        out.println("    secret: /etc/smcp/cluster/cluster.secret");
    }

    @Command(
            name = "init",
            description = {
                "Make what the nodes of a cluster trust each other by: an authority, a secret, and a certificate for each node.",
                "Talks to no node. Keep the directory off the nodes: its ca.key makes any program a node."
            },
            mixinStandardHelpOptions = true)
    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    static final class Init implements Callable<Integer> {
        private final Surroundings around;

        @Spec
        CommandSpec spec;

        @Option(names = "--out", paramLabel = "DIR", required = true, description = "New or empty directory")
        Path out;

        @Option(
                names = "--name",
                paramLabel = "NAME",
                description = "Name of the cluster, in the authority's certificate",
                defaultValue = "smcp")
        String name;

        @Option(
                names = "--nodes",
                paramLabel = "NAME",
                split = ",",
                description = "Names of the nodes, separated by commas (default: n1,n2,n3)",
                defaultValue = "n1,n2,n3")
        List<String> nodes;

        @Option(
                names = "--hosts",
                paramLabel = "HOST",
                split = ",",
                description =
                        "Where the others reach each node, in the order of --nodes; several of one node with a / between them (default: this machine's loopback)")
        @Nullable
        List<String> hosts;

        @Option(names = "--days", description = "How long the nodes' certificates are good", defaultValue = "730")
        int days;

        Init(Surroundings around) {
            this.around = around;
        }

        @Override
        public Integer call() {
            return ends(spec, () -> {
                var lasts = days(spec, days);
                var wanted = wanted();
                var authority = Authority.create(around.directory().resolve(out), name, Instant.now());
                var console = spec.commandLine().getOut();
                var made = new ArrayList<Authority.Made>();
                for (var node : wanted) {
                    made.add(authority.issue(node, lasts, Instant.now()));
                }
                console.println("Made the authority of the cluster " + name + " in " + Shown.line(out.toString())
                        + ", good until " + DAY.format(authority.ends())
                        + ". Keep ca.key in there off the nodes, and keep a copy.");
                console.println("For the nodes:");
                made.forEach(one -> tell(console, one));
                next(console);
            });
        }

        private List<Authority.Node> wanted() {
            if (nodes.size() > MOST_NODES || new HashSet<>(nodes).size() < nodes.size()) {
                throw new IllegalArgumentException("--nodes must be at most " + MOST_NODES + " different names, got "
                        + Shown.line(String.join(",", nodes)));
            }
            if (!name.matches("[a-z0-9][a-z0-9-]{0,31}")) {
                throw new IllegalArgumentException(
                        "--name must match [a-z0-9][a-z0-9-]{0,31}, got " + Shown.line(name));
            }
            if (hosts != null && hosts.size() != nodes.size()) {
                throw new IllegalArgumentException("--hosts must be as many as --nodes (" + nodes.size() + "), got "
                        + hosts.size() + ": several hosts of one node have a / between them");
            }
            var wanted = new ArrayList<Authority.Node>();
            for (var i = 0; i < nodes.size(); i++) {
                wanted.add(new Authority.Node(nodes.get(i), hosts == null ? List.of() : split(hosts.get(i))));
            }
            return wanted;
        }
    }

    @Command(
            name = "cert",
            description = {
                "Make a certificate for a further node, or a new one for a node whose certificate runs out.",
                "Needs the directory that smcp cluster init made."
            },
            mixinStandardHelpOptions = true)
    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    static final class Cert implements Callable<Integer> {
        private final Surroundings around;

        @Spec
        CommandSpec spec;

        @Parameters(paramLabel = "NAME", description = "Name of the node")
        String name;

        @Option(names = "--ca", paramLabel = "DIR", required = true, description = "Directory of the authority")
        Path authority;

        @Option(
                names = "--hosts",
                paramLabel = "HOST",
                split = "[,/]",
                description = "Where the others reach the node (default: this machine's loopback)")
        @Nullable
        List<String> hosts;

        @Option(
                names = "--out",
                paramLabel = "DIR",
                description = "New directory (default: named as the node, in that of the authority)")
        @Nullable
        Path out;

        @Option(names = "--days", description = "How long it is good", defaultValue = "730")
        int days;

        Cert(Surroundings around) {
            this.around = around;
        }

        @Override
        public Integer call() {
            return ends(spec, () -> {
                var lasts = days(spec, days);
                var node = new Authority.Node(name, hosts == null ? List.of() : hosts);
                var by = Authority.open(around.directory().resolve(authority));
                var made = out == null
                        ? by.issue(node, lasts, Instant.now())
                        : by.issue(node, around.directory().resolve(out), lasts, Instant.now());
                tell(spec.commandLine().getOut(), made);
                next(spec.commandLine().getOut());
            });
        }
    }
}
