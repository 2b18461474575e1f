package smcp.node;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code smcp node}. */
@Command(
        name = "node",
        description = "Runs a node until SIGTERM or Ctrl-C, which let calls in flight end first.",
        mixinStandardHelpOptions = true)
final class NodeCommand implements Callable<Integer> {
    @Mixin
    private final NodeOptions options = new NodeOptions();

    @Override
    public Integer call() {
        return RunningNode.run(options::read, node -> {
            System.out.println("data plane      http://"
                    + Shown.host(node.config().ingress().host()) + ":" + node.port() + "/t/{tenant}/mcp");
            System.out.println("control plane   http://"
                    + Shown.host(node.config().control().host()) + ":" + node.adminPort() + "/admin/v1");
            System.out.println("operator token  " + node.operatorTokenFile());
        });
    }
}
