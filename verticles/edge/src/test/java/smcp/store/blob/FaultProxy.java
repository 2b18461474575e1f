package smcp.store.blob;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Stands between the store and the server, and does to each request what the test says: looks only at the first line and headers, which arrive in one piece. */
public final class FaultProxy {
    private static final Pattern REQUEST =
            Pattern.compile("(GET|HEAD|PUT|POST|DELETE) \\S+ HTTP/1\\.1\r\n.*", Pattern.DOTALL);

    /** Read at once: otherwise the size follows what came before, and a head may come in two. */
    private static final int WHOLE_HEAD = 64 << 10;

    /** What becomes of a request. */
    public sealed interface Move {
        Move PASS = new Pass();

        record Pass() implements Move {}

        /** Answered in the server's place. */
        record Answer(int status, String code, String headers) implements Move {}

        /** Swallowed; nothing is answered. */
        record Stall() implements Move {}

        /** The connection is cut before the server hears of it. */
        record Refuse() implements Move {}

        /** The server does it, but its answer is cut after so many bytes. */
        record CutAnswer(int after) implements Move {}

        /** The server does it, but after so many bytes of its answer nothing more comes. */
        record HoldAnswer(int after) implements Move {}

        /** Passed on when no other such request is under way. */
        record Alone() implements Move {}

        /** Passed on with something in it replaced by something as long. */
        record Rewrite(String from, String to) implements Move {}
    }

    /** Conditional writes that wait; all is on one event loop. */
    private final Deque<Runnable> line = new ArrayDeque<>();

    private boolean taken;
    private final Vertx vertx;
    private final NetServer server;
    private final int target;
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private volatile Function<String, Move> script = FaultProxy::mended;

    private FaultProxy(Vertx vertx, int target) {
        this.vertx = vertx;
        this.target = target;
        this.server = vertx.createNetServer(new NetServerOptions().setReceiveBufferSize(WHOLE_HEAD))
                .connectHandler(this::connected);
    }

    public static FaultProxy start(Vertx vertx, int target) throws TimeoutException {
        var proxy = new FaultProxy(vertx, target);
        proxy.server.listen(0, "127.0.0.1").await(5, TimeUnit.SECONDS);
        return proxy;
    }

    /** Mends two faults of the tests' server: an upload that is aborted takes the object of that name with it, and of writes with the same condition at the same time several succeed. */
    static Move mended(String head) {
        var first = firstLine(head);
        if (first.startsWith("DELETE ") && first.contains("uploadId=")) {
            return new Move.Answer(204, "", "");
        }
        var lower = head.toLowerCase(Locale.ROOT);
        var write = first.startsWith("PUT ") || first.startsWith("POST ");
        return write && (lower.contains("\r\nif-none-match") || lower.contains("\r\nif-match"))
                ? new Move.Alone()
                : Move.PASS;
    }

    private static String firstLine(String head) {
        return head.lines().findFirst().orElse("");
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    public int port() {
        return server.actualPort();
    }

    /** @param given what to do with a request that begins so */
    public void plays(Function<String, Move> given) {
        script = given;
        heads.clear();
    }

    /** First lines of the requests that came since the script was set. */
    List<String> requests() {
        return heads.stream().map(FaultProxy::firstLine).toList();
    }

    private void connected(NetSocket client) {
        client.pause();
        vertx.createNetClient()
                .connect(target, "127.0.0.1")
                .onFailure(_ -> client.close())
                .onSuccess(upstream -> new Relay(client, upstream).begin());
    }

    private final class Relay {
        private final NetSocket client;
        private final NetSocket upstream;
        private Move move = Move.PASS;
        private int answered;
        private boolean holds;

        Relay(NetSocket client, NetSocket upstream) {
            this.client = client;
            this.upstream = upstream;
        }

        void begin() {
            upstream.handler(this::fromServer).closeHandler(_ -> client.close()).exceptionHandler(_ -> client.close());
            client.closeHandler(_ -> {
                        letGo();
                        upstream.close();
                    })
                    .exceptionHandler(_ -> upstream.close())
                    .handler(this::fromClient)
                    .resume();
        }

        private void fromClient(Buffer buffer) {
            var head = head(buffer);
            if (head != null) {
                heads.add(head);
                move = script.apply(head);
                answered = 0;
            }
            switch (move) {
                case Move.Answer answer when head != null -> answer(head, answer);
                case Move.Refuse _ -> client.close();
                case Move.Answer _, Move.Stall _ -> {}
                case Move.Alone _ when head != null -> alone(buffer);
                case Move.Rewrite(var from, var to)
                when head != null ->
                    forward(Buffer.buffer(head.replace(from, to).getBytes(ISO_8859_1)));
                default -> forward(buffer);
            }
        }

        private void alone(Buffer buffer) {
            if (taken) {
                client.pause();
                line.add(() -> {
                    alone(buffer);
                    client.resume();
                });
            } else {
                taken = true;
                holds = true;
                forward(buffer);
            }
        }

        private void letGo() {
            if (holds) {
                holds = false;
                taken = false;
                var next = line.poll();
                if (next != null) {
                    next.run();
                }
            }
        }

        private void forward(Buffer buffer) {
            upstream.write(buffer);
            if (upstream.writeQueueFull()) {
                client.pause();
                upstream.drainHandler(_ -> client.resume());
            }
        }

        private @Nullable String head(Buffer buffer) {
            var text = new String(buffer.getBytes(), ISO_8859_1);
            return REQUEST.matcher(text).matches() ? text : null;
        }

        private void answer(String head, Move.Answer answer) {
            var body = head.startsWith("HEAD ") || answer.status() == 204
                    ? ""
                    : "<?xml version=\"1.0\"?><Error><Code>" + answer.code() + "</Code><Message>key " + S3Setup.SECRET
                            + " is not right</Message></Error>";
            client.write("HTTP/1.1 " + answer.status() + " X\r\nContent-Type: application/xml\r\nConnection: close\r\n"
                            + answer.headers() + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                    .onComplete(_ -> client.close());
        }

        private void fromServer(Buffer buffer) {
            if (!interim(buffer)) {
                letGo();
            }
            var after = interim(buffer) ? Integer.MAX_VALUE : bound();
            if (after < Integer.MAX_VALUE) {
                var rest = Math.min(buffer.length(), after - answered);
                answered += rest;
                client.write(buffer.getBuffer(0, rest)).onComplete(_ -> {
                    if (answered >= after && move instanceof Move.CutAnswer) {
                        client.close();
                    }
                });
            } else {
                client.write(buffer);
                if (client.writeQueueFull()) {
                    upstream.pause();
                    client.drainHandler(_ -> upstream.resume());
                }
            }
        }

        private int bound() {
            return switch (move) {
                case Move.CutAnswer(var after) -> after;
                case Move.HoldAnswer(var after) -> after;
                default -> Integer.MAX_VALUE;
            };
        }

        private boolean interim(Buffer buffer) {
            return answered == 0 && buffer.toString(ISO_8859_1).startsWith("HTTP/1.1 100");
        }
    }
}
