package smcp.node.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands that talk to a running node; {@code Main} puts them under its own. */
public final class ClientCommands {
    private ClientCommands() {}

    /** Adds all of them to {@code root}, {@code node status} under its command {@code node} if it has one. */
    public static void addTo(CommandLine root) {
        addTo(root, Surroundings.ofProcess());
    }

    static void addTo(CommandLine root, Surroundings around) {
        root.addSubcommand(new CommandLine(new Tenants())
                .addSubcommand(new TenantCommands.ListAll(around))
                .addSubcommand(new TenantCommands.Show(around))
                .addSubcommand(new TenantCommands.Usage(around))
                .addSubcommand(new TenantCommands.Create(around))
                .addSubcommand(new TenantCommands.Set(around))
                .addSubcommand(new TenantCommands.Delete(around)));
        root.addSubcommand(new DeployCommand(around));
        root.addSubcommand(new VersionCommands.Versions(around));
        root.addSubcommand(new VersionCommands.Promote(around));
        root.addSubcommand(new VersionCommands.Rollback(around));
        root.addSubcommand(new VersionCommands.Undeploy(around));
        root.addSubcommand(new CommandLine(new Clients())
                .addSubcommand(new ClientRecordCommands.ListAll(around))
                .addSubcommand(new ClientRecordCommands.Create(around))
                .addSubcommand(new ClientRecordCommands.Set(around))
                .addSubcommand(new ClientRecordCommands.Delete(around)));
        root.addSubcommand(new CommandLine(new Keys())
                .addSubcommand(new KeyCommands.Create(around))
                .addSubcommand(new KeyCommands.ListAll(around))
                .addSubcommand(new KeyCommands.Revoke(around)));
        root.addSubcommand(new CommandLine(new OwnerTokens())
                .addSubcommand(new TokenCommands.Create(around))
                .addSubcommand(new TokenCommands.ListAll(around))
                .addSubcommand(new TokenCommands.Revoke(around)));
        root.addSubcommand(new CommandLine(new Kv())
                .addSubcommand(new KvCommands.ListAll(around))
                .addSubcommand(new KvCommands.Get(around))
                .addSubcommand(new KvCommands.Put(around))
                .addSubcommand(new KvCommands.Delete(around)));
        root.addSubcommand(new CommandLine(new Blobs())
                .addSubcommand(new BlobCommands.ListAll(around))
                .addSubcommand(new BlobCommands.Get(around))
                .addSubcommand(new BlobCommands.Put(around))
                .addSubcommand(new BlobCommands.Delete(around)));
        root.addSubcommand(new CommandLine(new TenantSecrets())
                .addSubcommand(new SecretCommands.Set(around))
                .addSubcommand(new SecretCommands.ListAll(around))
                .addSubcommand(new SecretCommands.Delete(around)));
        root.addSubcommand(new CommandLine(new Vault())
                .addSubcommand(new VaultCommands.Status(around))
                .addSubcommand(new VaultCommands.RotateKek(around))
                .addSubcommand(new VaultCommands.RotateDataKeys(around))
                .addSubcommand(new VaultCommands.Keygen(around)));
        root.addSubcommand(new CommandLine(new Cluster())
                .addSubcommand(new ClusterCommands.Init(around))
                .addSubcommand(new ClusterCommands.Cert(around)));
        root.addSubcommand(new NodesCommands.ListAll(around));
        root.addSubcommand(new NodesCommands.Drain(around));
        root.addSubcommand(new CommandLine(new Store()).addSubcommand(new StoreCommands.Check(around)));
        root.addSubcommand(new ToolsCommand(around));
        root.addSubcommand(new CallCommand(around));
        root.addSubcommand(new LogsCommand(around));
        root.addSubcommand(new CommandLine(new Audit())
                .addSubcommand(new AuditCommands.Verify(around))
                .addSubcommand(new AuditCommands.Show(around)));
        var node = root.getSubcommands().get("node");
        if (node == null) {
            node = new CommandLine(new Node());
            root.addSubcommand(node);
        }
        node.addSubcommand(new NodeStatusCommand(around));
        root.setParameterExceptionHandler(new UsageMistake());
    }

    @Command(
            name = "cluster",
            description = "Make what the nodes of a cluster trust each other by.",
            mixinStandardHelpOptions = true)
    private static final class Cluster {}

    @Command(name = "store", description = "Look after the stores of a node.", mixinStandardHelpOptions = true)
    private static final class Store {}

    @Command(name = "tenant", description = "Create, show, change and delete tenants.", mixinStandardHelpOptions = true)
    private static final class Tenants {}

    @Command(name = "client", description = "Manage the named callers of a tenant.", mixinStandardHelpOptions = true)
    private static final class Clients {}

    @Command(
            name = "key",
            description = "Manage the keys with which clients call a tenant.",
            mixinStandardHelpOptions = true)
    private static final class Keys {}

    @Command(
            name = "token",
            description = "Manage the tokens with which a tenant's owner deploys and manages clients.",
            mixinStandardHelpOptions = true)
    private static final class OwnerTokens {}

    @Command(
            name = "audit",
            description = "Read and check the audit log of a node, on its own machine.",
            mixinStandardHelpOptions = true)
    private static final class Audit {}

    @Command(
            name = "kv",
            description = {
                "Look at what a tenant keeps, and change it.",
                "Tenants themselves cannot read these values yet."
            },
            mixinStandardHelpOptions = true)
    private static final class Kv {}

    @Command(
            name = "blob",
            description = "Look at the large values that a tenant keeps, and change them.",
            mixinStandardHelpOptions = true)
    private static final class Blobs {}

    @Command(
            name = "secret",
            description = {"Manage the secrets of a tenant.", "Tenants themselves cannot read them yet."},
            mixinStandardHelpOptions = true)
    private static final class TenantSecrets {}

    @Command(
            name = "vault",
            description = "Show and replace the keys with which everything is sealed at rest.",
            mixinStandardHelpOptions = true)
    private static final class Vault {}

    @Command(name = "node", description = "Ask the node about itself.", mixinStandardHelpOptions = true)
    private static final class Node {}
}
