package smcp.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A client that writes HTTP/1.1 by hand: whatever a library would refuse to send, it sends. Immutable; each request has a connection of its own. */
public final class McpWire {
    public static final String MODERN = "2026-07-28";
    public static final String LEGACY = "2025-11-25";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DEADLINE_MILLIS = 10_000;
    private static final byte[] LINE_END = {'\r', '\n'};

    private final int port;
    private final String path;
    private final Map<String, String> headers;

    McpWire(int port, String path) {
        this(port, path, Map.of());
    }

    private McpWire(int port, String path, Map<String, String> headers) {
        this.port = port;
        this.path = path;
        this.headers = headers;
    }

    /** The same client that sends {@code name} too; null takes a header away, the standard ones included. */
    public McpWire with(String name, @Nullable String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value == null ? "" : value);
        return new McpWire(port, path, more);
    }

    /** The same client, session included, at another node. */
    public McpWire at(McpWire other) {
        return new McpWire(other.port, other.path, headers);
    }

    public McpWire key(TestEdge.Key key) {
        return with("Authorization", "Bearer " + key.token());
    }

    // modern

    /** A modern request with all the headers it needs. {@code members} go into {@code params}, without braces. */
    public McpWire modern(String method, @Nullable String name) {
        var wire = with("MCP-Protocol-Version", MODERN).with("Mcp-Method", method);
        return name == null ? wire : wire.with("Mcp-Name", name);
    }

    public static String modernBody(String id, String method, String members) {
        return modernBody(id, method, members, "{}");
    }

    public static String modernBody(String id, String method, String members, String capabilities) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":{" + members
                + (members.isEmpty() ? "" : ",") + "\"_meta\":" + meta(capabilities) + "}}";
    }

    public static String meta(String capabilities) {
        return "{\"io.modelcontextprotocol/protocolVersion\":\"" + MODERN
                + "\",\"io.modelcontextprotocol/clientCapabilities\":" + capabilities + "}";
    }

    /** Sends a modern request that is right in every way. */
    public Answer ask(String method, @Nullable String name, String members) {
        return modern(method, name).post(modernBody("1", method, members));
    }

    // legacy

    /** A client with a session of its own. */
    public McpWire session() {
        return session("{\"elicitation\":{\"form\":{},\"url\":{}},\"sampling\":{},\"roots\":{}}");
    }

    public McpWire session(String capabilities) {
        var answer = post(initialize(LEGACY, capabilities));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return with("MCP-Session-Id", answer.header("mcp-session-id")).with("MCP-Protocol-Version", LEGACY);
    }

    public static String initialize(String version, String capabilities) {
        return request(
                "0",
                "initialize",
                "\"protocolVersion\":\"" + version + "\",\"capabilities\":" + capabilities
                        + ",\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}");
    }

    public static String request(String id, String method, String members) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":{" + members + "}}";
    }

    public static String notification(String method, String members) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":{" + members + "}}";
    }

    public String sessionId() {
        return Objects.requireNonNull(headers.get("MCP-Session-Id"));
    }

    // HTTP

    public Answer post(String body) {
        return open("POST", body).answer();
    }

    public Answer post(byte[] body) {
        return open("POST", body).answer();
    }

    public Answer get() {
        return open("GET", "").answer();
    }

    public Answer delete() {
        return open("DELETE", "").answer();
    }

    public Answer send(String method) {
        return open(method, "").answer();
    }

    /** Sends a request and leaves its answer to be read. */
    public Exchange open(String method, String body) {
        return open(method, body.getBytes(StandardCharsets.UTF_8));
    }

    public Exchange open(String method, byte[] body) {
        var all = new LinkedHashMap<String, String>();
        all.put("Host", "localhost:" + port);
        all.put("Accept", method.equals("GET") ? "text/event-stream" : "application/json, text/event-stream");
        if (body.length > 0) {
            all.put("Content-Type", "application/json");
            all.put("Content-Length", String.valueOf(body.length));
        }
        all.putAll(headers);
        var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        all.forEach((name, value) -> {
            if (!value.isEmpty()) {
                for (var each : value.split("\n", -1)) {
                    head.append(name).append(": ").append(each).append("\r\n");
                }
            }
        });
        var out = new ByteArrayOutputStream();
        out.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(body);
        return raw(out.toByteArray());
    }

    /** Sends these bytes and nothing else. */
    public Exchange raw(byte[] bytes) {
        try {
            var socket = new Socket();
            // fixed, so that what a client that does not read leaves to its kernel is known
            socket.setReceiveBufferSize(64 << 10);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout(DEADLINE_MILLIS);
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return new Exchange(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A whole answer. */
    public record Answer(int status, Map<String, String> headers, String body) {
        public String header(String lowerCaseName) {
            return headers.getOrDefault(lowerCaseName, "");
        }

        public JsonNode json() {
            return tree(body);
        }

        public int code() {
            return json().at("/error/code").asInt();
        }

        public String message() {
            return json().at("/error/message").asText();
        }

        public String type() {
            return header("content-type");
        }
    }

    /** One server-sent event: {@code id} null if it had none, {@code retry} too; {@code data} empty for a priming event. */
    public record Event(@Nullable String id, @Nullable String retry, String data) {
        public JsonNode json() {
            return tree(data);
        }

        public String method() {
            return json().path("method").asText();
        }
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + json, e);
        }
    }

    /** One request under way. */
    public static final class Exchange implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;
        private @Nullable Answer head;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private int comments;
        private int chunkLeft;

        Exchange(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
        }

        /** Writes more of the request. */
        @CanIgnoreReturnValue
        public Exchange write(String more) {
            try {
                socket.getOutputStream().write(more.getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().flush();
                return this;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Status and headers. */
        @CanIgnoreReturnValue
        public Answer head() {
            try {
                if (head == null) {
                    head = readHead();
                }
                return head;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private Answer readHead() throws IOException {
            var status = Integer.parseInt(readLine().split(" ", 3)[1]);
            var headers = new LinkedHashMap<String, String>();
            for (var next = readLine(); !next.isEmpty(); next = readLine()) {
                var colon = next.indexOf(':');
                headers.put(
                        next.substring(0, colon).toLowerCase(Locale.ROOT),
                        next.substring(colon + 1).strip());
            }
            return new Answer(status, headers, "");
        }

        private String readLine() throws IOException {
            var out = new ByteArrayOutputStream();
            for (var b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new EOFException("the connection ended");
                }
                if (b != '\r') {
                    out.write(b);
                }
            }
            return out.toString(StandardCharsets.UTF_8);
        }

        /** The whole answer; the connection is closed. */
        public Answer answer() {
            try (this) {
                var start = head();
                var length = start.header("content-length");
                var body = new ByteArrayOutputStream();
                if (start.header("transfer-encoding").equals("chunked")) {
                    for (var b = body(); b >= 0; b = body()) {
                        body.write(b);
                    }
                } else if (!length.isEmpty()) {
                    body.writeBytes(in.readNBytes(Integer.parseInt(length)));
                }
                return new Answer(start.status(), start.headers(), body.toString(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** One byte of a chunked body; -1 at its end. */
        private int body() throws IOException {
            if (chunkLeft == 0) {
                chunkLeft = Integer.parseInt(readLine(), 16);
                if (chunkLeft == 0) {
                    var _ = readLine();
                    return -1;
                }
            }
            var b = in.read();
            if (--chunkLeft == 0) {
                var _ = readLine();
            }
            if (b < 0) {
                throw new EOFException("the connection ended");
            }
            return b;
        }

        /** The next event; null when the stream has ended in order. A cut connection throws. */
        public @Nullable Event event() {
            try {
                assertThat(head().type()).as("status " + head().status()).isEqualTo("text/event-stream");
                return readEvent();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private @Nullable Event readEvent() throws IOException {
            String id = null;
            String retry = null;
            String data = null;
            while (true) {
                var next = bodyLine();
                if (next == null) {
                    return null;
                }
                if (next.isEmpty()) {
                    if (id != null || retry != null || data != null) {
                        return new Event(id, retry, data == null ? "" : data);
                    }
                } else if (next.startsWith(":")) {
                    comments++;
                } else {
                    var value = next.substring(next.indexOf(':') + 1).stripLeading();
                    switch (next.substring(0, next.indexOf(':'))) {
                        case "id" -> id = value;
                        case "retry" -> retry = value;
                        case "data" -> data = value;
                        default -> assertThat(next).isEqualTo("event: message");
                    }
                }
            }
        }

        private @Nullable String bodyLine() throws IOException {
            line.reset();
            for (var b = body(); b != '\n'; b = body()) {
                if (b < 0) {
                    assertThat(line.size()).as("bytes of an unfinished event").isZero();
                    return null;
                }
                line.write(b);
            }
            return line.toString(StandardCharsets.UTF_8);
        }

        /** An event there must be. */
        public Event next() {
            return Objects.requireNonNull(event(), "the stream ended");
        }

        /** The next event with a message in it. */
        public Event message() {
            var next = next();
            while (next.data().isEmpty()) {
                next = next();
            }
            return next;
        }

        /** Reads what is left: true if the connection breaks before the stream has ended in order. */
        public boolean endsAbruptly() {
            try {
                while (readEvent() != null) {
                    // only the end matters
                }
                return false;
            } catch (SocketTimeoutException e) {
                throw new UncheckedIOException("the connection stays open", e);
            } catch (IOException e) {
                return true;
            }
        }

        /** Has the server given up the connection? Told without reading from it: a server skips line ends before a request (RFC 9112 §2.2). */
        public boolean isBroken() {
            try {
                socket.getOutputStream().write(LINE_END);
                return false;
            } catch (IOException e) {
                return true;
            }
        }

        /** All events that are left. */
        public List<Event> rest() {
            var all = new ArrayList<Event>();
            for (var next = event(); next != null; next = event()) {
                all.add(next);
            }
            return all;
        }

        /** Awaits one comment more. */
        public void comment() {
            try {
                head();
                var before = comments;
                while (comments == before) {
                    var next = bodyLine();
                    if (next == null) {
                        throw new EOFException("the stream ended");
                    }
                    if (next.startsWith(":")) {
                        comments++;
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Goes away without a word: the connection is reset. */
        public void cut() {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
