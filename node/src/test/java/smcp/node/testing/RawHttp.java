package smcp.node.testing;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** One HTTP/1.1 connection on a plain socket: nothing is pooled, retried or followed, so that what is on the wire is what a test sees. */
public final class RawHttp implements AutoCloseable {
    private static final int PATIENCE_MS = 20_000;

    private final int port;
    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;

    public RawHttp(int port) throws IOException {
        this.port = port;
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MS);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    public Response send(String method, String path, Map<String, String> headers, byte[] body) throws IOException {
        var head = head(method, path, headers);
        if (body.length > 0 || method.equals("POST") || method.equals("PUT")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        var bytes = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        var whole = new byte[bytes.length + body.length];
        System.arraycopy(bytes, 0, whole, 0, bytes.length);
        System.arraycopy(body, 0, whole, bytes.length, body.length);
        write(whole);
        return response();
    }

    /** Only a head, with what it says of a body that may never come. */
    public void begin(String method, String path, Map<String, String> headers) throws IOException {
        write(head(method, path, headers).append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private StringBuilder head(String method, String path, Map<String, String> headers) {
        var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head;
    }

    public void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** The next response's head; its body is read from it. */
    public Response response() throws IOException {
        var status = Integer.parseInt(line(in).split(" ", 3)[1]);
        var headers = new HashMap<String, String>();
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            var colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Response(status, Map.copyOf(headers), body(status, headers));
    }

    private InputStream body(int status, Map<String, String> headers) {
        if (status == 204 || status == 304) {
            return InputStream.nullInputStream();
        }
        if ("chunked".equals(headers.get("transfer-encoding"))) {
            return new Chunks(in);
        }
        var length = headers.get("content-length");
        return length == null ? in : new Counted(in, Long.parseLong(length));
    }

    static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended after \"" + line + "\"");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** What is left of a body, or of its current chunk. */
    private abstract static class Framed extends InputStream {
        final InputStream in;
        long left;

        Framed(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        /** Makes {@code left} positive, unless the body is over. */
        abstract boolean more() throws IOException;

        /** Called when {@code left} has come to zero. */
        abstract void drained() throws IOException;

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int at, int most) throws IOException {
            if (!more()) {
                return -1;
            }
            var count = in.read(into, at, (int) Math.min(most, left));
            if (count < 0) {
                throw new EOFException(left + " bytes are missing");
            }
            left -= count;
            if (left == 0) {
                drained();
            }
            return count;
        }
    }

    private static final class Counted extends Framed {
        Counted(InputStream in, long length) {
            super(in, length);
        }

        @Override
        boolean more() {
            return left > 0;
        }

        @Override
        void drained() {
            // nothing follows
        }
    }

    private static final class Chunks extends Framed {
        private boolean over;

        Chunks(InputStream in) {
            super(in, 0);
        }

        @Override
        boolean more() throws IOException {
            if (left == 0 && !over) {
                left = Integer.parseInt(line(in), 16);
                if (left == 0) {
                    over = true;
                    drained();
                }
            }
            return !over;
        }

        @Override
        void drained() throws IOException {
            var _ = line(in);
        }
    }
}
