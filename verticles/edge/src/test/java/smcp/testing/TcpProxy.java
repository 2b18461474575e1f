package smcp.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Stands between a client and a server on this machine, and is a bad network when it is told to: silent, cut, or not there. */
public final class TcpProxy implements AutoCloseable {
    private enum Mood {
        FLOWING,
        STALLED,
        REFUSING
    }

    private final int target;
    private final ServerSocket listening;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Mood mood = Mood.FLOWING;
    private boolean closed;
    private final AtomicInteger accepted = new AtomicInteger();

    private TcpProxy(int target, ServerSocket listening) {
        this.target = target;
        this.listening = listening;
    }

    /** On a port of its own, for the server on {@code port}. */
    public static TcpProxy to(int port) {
        try {
            var proxy = new TcpProxy(port, new ServerSocket(0, 128, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().name("proxy").start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Connections taken so far. */
    public int accepted() {
        return accepted.get();
    }

    /** Passes everything on, also what came while it was silent. */
    public void flow() {
        become(Mood.FLOWING);
    }

    /** Takes connections and bytes, and passes nothing on. */
    public void stall() {
        become(Mood.STALLED);
    }

    /** Cuts what is there, and everything that comes. */
    public void refuse() {
        become(Mood.REFUSING);
        cut();
    }

    /** Cuts all connections; new ones are taken. */
    public void cut() {
        sockets.forEach(TcpProxy::close);
    }

    private void become(Mood next) {
        lock.lock();
        try {
            mood = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits while nothing may be passed on; false if nothing ever will. */
    private boolean mayPass() throws InterruptedException {
        lock.lock();
        try {
            while (mood == Mood.STALLED && !closed) {
                changed.await();
            }
            return mood == Mood.FLOWING && !closed;
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (true) {
            try {
                var client = listening.accept();
                sockets.add(client);
                var _ = accepted.incrementAndGet();
                Thread.ofVirtual().name("proxy").start(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                var server = new Socket()) {
            sockets.add(server);
            if (!mayPass()) {
                return;
            }
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 2_000);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            var back = Thread.ofVirtual().name("proxy").start(() -> pass(server, client));
            pass(client, server);
            back.join();
        } catch (IOException | InterruptedException e) {
            // the connection ends, which is what a test may want
        } finally {
            sockets.removeIf(Socket::isClosed);
        }
    }

    private void pass(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            var buffer = new byte[64 << 10];
            for (var read = in.read(buffer); read >= 0 && mayPass(); read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException | InterruptedException e) {
            // see above
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }
}
