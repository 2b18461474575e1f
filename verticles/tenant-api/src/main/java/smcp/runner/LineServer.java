package smcp.runner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import smcp.api.ListKind;
import smcp.api.ServerInfo;

/**
 * Serves the platform's lines. This thread reads, and runs what does not block; every other call has a virtual thread. Answers of
 * this thread are flushed when no further line is waiting: under load, many answers leave in one write.
 */
final class LineServer {
    /** The platform bounds the calls in flight long before; this keeps a mistake there from filling memory here. */
    private static final int MAX_IN_FLIGHT = 1_024;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final LineReader in;
    private final LineWriter out;
    private final ClassLoader loader;
    private final ConcurrentHashMap<String, Execution> inFlight = new ConcurrentHashMap<>();
    private @Nullable Runner runner;

    LineServer(LineReader in, LineWriter out, ClassLoader loader) {
        this.in = in;
        this.out = out;
        this.loader = loader;
    }

    void serve() throws IOException {
        while (true) {
            if (!in.ready()) out.flush();
            try {
                var line = in.next();
                if (line == null) return;
                if (line.length > 0) accept(LineMessage.read(line));
            } catch (JsonProcessingException e) {
                unreadable(e.getOriginalMessage());
            } catch (LineReader.TooLong | Malformed e) {
                unreadable(e.getMessage());
            }
        }
    }

    private void unreadable(@Nullable String why) {
        var _ = out.line(
                LineWriter.Flush.LATER,
                Results.utf8("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32700,\"message\":" + LineReply.quoted("" + why)
                        + "}}"));
    }

    private void accept(LineMessage message) throws IOException {
        var id = message.id();
        if (id == null) {
            if (message.method().equals("notifications/cancelled")) cancel(message);
            return; // unknown notifications are ignored
        }
        var reply = new Later(id);
        if (message.method().equals("smcp/start")) start(message, reply);
        else if (runner == null) reply.failed(-32600, "not started: the first request must be smcp/start", null);
        else request(runner, id, message, reply);
    }

    private void start(LineMessage message, LineReply reply) throws IOException {
        if (runner != null) {
            reply.failed(-32600, "already started: a process never changes its tenant", null);
            return;
        }
        var params = JSON.readTree(message.params().toString());
        var info = params.path("serverInfo");
        var server = new ServerInfo(
                text(info, "name"), text(info, "version"), info.path("title").textValue());
        try {
            runner = Runner.start(
                    loader,
                    new StartRequest(
                            text(params, "entry"),
                            server,
                            params.path("instructions").textValue()),
                    new Lines());
            reply.answer(Results.utf8("{\"runner\":\"smcp-java/1\"}"));
        } catch (StartFailure e) {
            var cause = e.getCause();
            if (cause != null) cause.printStackTrace();
            reply.failed(-32603, Operation.messageOf(e), null);
        }
    }

    private static String text(JsonNode object, String field) {
        return object.path(field).asText("");
    }

    private void request(Runner tenant, String id, LineMessage message, LineReply reply) {
        for (var list : CatalogueList.values()) {
            if (list.method().equals(message.method()) && tenant.serves(list.method())) {
                reply.answer(tenant.list(list));
                return;
            }
        }
        if (message.method().equals("server/discover")) reply.answer(tenant.discover());
        else call(tenant, id, message);
    }

    private void call(Runner tenant, String id, LineMessage message) {
        RunnerRequest request;
        try {
            request = RunnerRequest.scan(message.method(), message.params());
        } catch (IOException e) {
            new Later(id).failed(-32602, "params cannot be read: " + e.getMessage(), null);
            return;
        }
        var name = request.name();
        boolean here = message.method().equals("tools/call") && name != null && tenant.inline(name);
        var execution = tenant.call(request, here ? new Here(id) : new Elsewhere(id));
        if (inFlight.size() >= MAX_IN_FLIGHT) {
            new Later(id).failed(-32603, "too many calls in flight, the limit is " + MAX_IN_FLIGHT, null);
        } else if (inFlight.putIfAbsent(id, execution) != null) {
            new Later(id).failed(-32600, "a request of this id is in flight", null);
        } else if (here) {
            run(id, execution);
        } else {
            Thread.ofVirtual().name("call " + id).start(() -> run(id, execution));
        }
    }

    private void run(String id, Execution execution) {
        try {
            execution.run();
        } finally {
            inFlight.remove(id, execution); // also when cancelled, where no answer does it
        }
    }

    private void cancel(LineMessage message) throws IOException {
        var id = JSON.readTree(message.params().toString()).path("requestId");
        var execution = inFlight.get(id.toString());
        if (execution != null) execution.cancel(Execution.OnCancel.INTERRUPT);
    }

    /** Answers of the reading thread outside of calls. */
    private class Later extends LineReply {
        Later(String id) {
            super(id, out);
        }

        @Override
        LineWriter.Flush flush() {
            return LineWriter.Flush.LATER;
        }
    }

    /** A call on the reading thread. */
    private final class Here extends Later {
        private final String id;

        Here(String id) {
            super(id);
            this.id = id;
        }

        @Override
        void ending() {
            inFlight.remove(id);
        }
    }

    /** A call on a thread of its own. */
    private final class Elsewhere extends LineReply {
        private final String id;

        Elsewhere(String id) {
            super(id, out);
            this.id = id;
        }

        @Override
        void ending() {
            inFlight.remove(id);
        }
    }

    /** News outside of calls. */
    private final class Lines implements Outbound {
        @Override
        public void listChanged(ListKind kind) {
            send("notifications/" + kind.name().toLowerCase(java.util.Locale.ROOT) + "/list_changed", "{}");
        }

        @Override
        public void resourceUpdated(String uri) {
            send("notifications/resources/updated", "{\"uri\":" + LineReply.quoted(uri) + "}");
        }

        private void send(String method, String params) {
            var _ = out.line(
                    LineWriter.Flush.NOW,
                    Results.utf8("{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":" + params + "}"));
        }

        @Override
        public void tenantFailed(String what, Throwable cause) {
            System.err.println(what + " failed:");
            cause.printStackTrace();
        }
    }
}
