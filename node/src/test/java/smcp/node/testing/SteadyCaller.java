package smcp.node.testing;

import java.io.IOException;
import java.net.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * A client of a cluster that keeps its connection for as long as its node does: asked to close it, or refused, it goes to the next node. What has been sent is never sent again, so a connection that breaks with a request on it is a failed
 * call.
 */
public final class SteadyCaller implements AutoCloseable {
    private final ChildCluster cluster;
    private final String tenant;
    private int node;
    private @Nullable Mcp connection;

    /** @param node to begin with */
    public SteadyCaller(ChildCluster cluster, String tenant, int node) {
        this.cluster = cluster;
        this.tenant = tenant;
        this.node = node;
    }

    /** Makes one call, on some node. */
    public void call() throws IOException {
        var client = connected();
        var response = client.post(client.toolCall("1", "mark", Json.object("{}"), null));
        var answer = Mcp.answer(response);
        if (!answer.ok()) {
            throw new IOException("node n" + node + " answered " + answer);
        }
        if ("close".equalsIgnoreCase(response.headers().getOrDefault("connection", ""))) {
            client.close();
            connection = null;
            node++;
        }
    }

    private Mcp connected() throws IOException {
        var open = connection;
        for (var tries = 0; open == null; tries++) {
            try {
                open = Mcp.modern(cluster.get(node % cluster.size()).port(), tenant);
            } catch (ConnectException e) {
                if (tries > cluster.size()) {
                    throw e;
                }
                node++;
            }
        }
        connection = open;
        return open;
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
        }
    }
}
