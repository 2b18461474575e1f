package smcp.node;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import smcp.node.cli.BackupCommands;
import smcp.node.cli.ClientCommands;

/** The program: {@code smcp node} runs a node, {@code smcp dev} one with tenants to try, everything else talks to one. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        var root = new CommandLine(new Smcp());
        root.addSubcommand(new NodeCommand());
        root.addSubcommand(new DevCommand());
        ClientCommands.addTo(root);
        BackupCommands.addTo(root, new StoresHere());
        return root;
    }

    @Command(
            name = "smcp",
            description = "SMCP: a self-hosted, multi-tenant edge for MCP servers.",
            subcommands = HelpCommand.class,
            mixinStandardHelpOptions = true,
            versionProvider = Versions.class,
            synopsisSubcommandLabel = "COMMAND")
    static final class Smcp implements Runnable {
        @CommandLine.Spec
        private CommandLine.Model.@Nullable CommandSpec spec;

        @Override
        public void run() {
            Objects.requireNonNull(spec).commandLine().usage(System.out);
        }
    }

    static final class Versions implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"smcp " + Distribution.version() + ", Java " + Runtime.version()};
        }
    }
}
