package smcp.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port that is taken before its server is there: the members are told it when the node joins, and a server needs the Vert.x that comes of joining. The port is bound but not listened on, so whoever is too early is refused at once. A server
 * that binds with {@code SO_REUSEADDR}, as those of Vert.x do, may take it while it is still held; so hold it until then, and close it afterwards.
 */
public final class PeerPort implements AutoCloseable {
    private final Socket held;

    private PeerPort(Socket held) {
        this.held = held;
    }

    /** Holds {@link ClusterConfig#peerPort}, or any free one, at {@link ClusterConfig#host}. Blocks for a moment. */
    public static PeerPort hold(ClusterConfig config) throws IOException {
        return hold(BindHost.resolve(config), config.peerPort());
    }

    private static PeerPort hold(InetAddress address, int port) throws IOException {
        var socket = new Socket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
            return new PeerPort(socket);
        } catch (IOException e) {
            socket.close();
            throw new IOException(
                    "cluster.peerPort must be a free port of " + address.getHostAddress() + ", got " + port + ": "
                            + e.getMessage(),
                    e);
        }
    }

    public int number() {
        return held.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        held.close();
    }
}
