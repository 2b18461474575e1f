package smcp.engine;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import smcp.contract.Call;
import smcp.protocol.Json;
import smcp.protocol.Meta;
import smcp.protocol.Method;
import smcp.protocol.Revision;
import smcp.protocol.Splice;
import smcp.tenant.Manifest;

/** The lines the platform writes to a runner (docs/guides/runner-protocol.md), spliced from what the client sent. */
final class LinkMessages {
    static final String START_ID = "\"start\"";

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final String TRACEPARENT = "traceparent";
    private static final byte[] ID = ascii("{\"jsonrpc\":\"2.0\",\"id\":");
    private static final byte[] META = ascii("{\"" + Meta.PROTOCOL_VERSION + "\":\"" + Revision.V2026_07_28.id()
            + "\",\"" + Meta.CLIENT_CAPABILITIES + "\":");
    private static final byte[] PROGRESS_TOKEN = ascii(",\"" + Meta.PROGRESS_TOKEN + "\":");
    private static final byte[] CLIENT_INFO = ascii(",\"" + Meta.CLIENT_INFO + "\":");
    private static final byte[] LOG_LEVEL = ascii(",\"" + Meta.LOG_LEVEL + "\":");
    private static final byte[] TRACE = ascii(",\"" + TRACEPARENT + "\":");
    private static final byte[] INPUT_RESPONSES = ascii(",\"inputResponses\":");
    private static final byte[] REQUEST_STATE = ascii(",\"requestState\":");
    private static final byte[] END = ascii("}}");
    private static final Map<Method, byte[]> HEADS = heads();

    private LinkMessages() {}

    private static Map<Method, byte[]> heads() {
        var heads = new EnumMap<Method, byte[]>(Method.class);
        for (var method : Method.values()) {
            heads.put(
                    method,
                    new Splice(256)
                            .put(ascii(",\"method\":\"" + method.wire() + "\",\"params\":{\"_meta\":"))
                            .put(META)
                            .json()
                            .copy());
        }
        return heads;
    }

    /** The request for {@code call} under the number it has on the link; the number is its progress token too. */
    static Json request(long id, Call call) {
        var out = new Splice(512 + call.params().length());
        out.put(ID).put(id).put(head(call.method()));
        meta(out, id, call);
        put(out, INPUT_RESPONSES, call.inputResponses());
        if (call.tenantState() != null) {
            out.put(REQUEST_STATE).putString(call.tenantState());
        }
        members(out, call.params());
        return line(out.put('}'));
    }

    /** The {@code _meta} of a request, for code that is not behind a link. */
    static Json meta(long id, Call call) {
        var out = new Splice(512).put(META);
        meta(out, id, call);
        return out.json();
    }

    private static void meta(Splice out, long id, Call call) {
        var client = call.client();
        out.put(client.capabilities());
        if (call.progressToken() != null) {
            out.put(PROGRESS_TOKEN).put(id);
        }
        put(out, CLIENT_INFO, client.info());
        put(out, LOG_LEVEL, client.logLevel());
        trace(out, call);
        out.put('}');
    }

    private static void put(Splice out, byte[] name, @Nullable Json value) {
        if (value != null) {
            out.put(name).put(value);
        }
    }

    private static void trace(Splice out, Call call) {
        var trace = call.trace();
        if (trace != null) {
            out.put(TRACE).putString(trace.traceparent());
        }
        for (var member : call.foreignMeta()) {
            // the header's trace context wins over that of _meta, and a name must not stand there twice
            if (trace == null || !names(member, TRACEPARENT)) {
                out.put(',').put(member);
            }
        }
    }

    /** Has the member {@code "key":value} this key, however it is escaped? */
    private static boolean names(Json member, String key) {
        var bytes = member.bytes();
        var at = member.from() + 1;
        while (bytes[at] != '"' && bytes[at] != '\\') {
            at++;
        }
        if (bytes[at] == '"') {
            return new String(bytes, member.from() + 1, at - member.from() - 1, StandardCharsets.UTF_8).equals(key);
        }
        try (var parser = FACTORY.createParser(bytes, member.from(), member.length())) {
            parser.nextToken();
            return key.equals(parser.getText());
        } catch (IOException e) {
            return false;
        }
    }

    /** The members of {@code object} behind those that are there. */
    private static void members(Splice out, Json object) {
        var bytes = object.bytes();
        var at = object.from() + 1;
        while (bytes[at] <= ' ') {
            at++;
        }
        if (bytes[at] != '}') {
            out.put(',').put(bytes, at, object.to());
        } else {
            out.put('}');
        }
    }

    /** A question of the platform's own: no client, no capabilities. */
    static Json ask(long id, Method method) {
        return line(new Splice(256)
                .put(ID)
                .put(id)
                .put(head(method))
                .put(Json.EMPTY_OBJECT)
                .put('}')
                .put(END));
    }

    static Json start(Path root, Manifest manifest) {
        var out = new Splice(512)
                .put(ID)
                .put(ascii(START_ID))
                .put(ascii(",\"method\":\"smcp/start\",\"params\":{\"root\":"))
                .putString(root.toAbsolutePath().normalize().toString())
                .put(ascii(",\"entry\":"))
                .putString(manifest.entry())
                .put(ascii(",\"serverInfo\":{\"name\":"))
                .putString(manifest.name())
                .put(ascii(",\"version\":"))
                .putString(manifest.version());
        text(out, "title", manifest.title());
        text(out, "description", manifest.description());
        text(out, "websiteUrl", manifest.websiteUrl());
        out.put('}');
        text(out, "instructions", manifest.instructions());
        return line(out.put(END));
    }

    private static void text(Splice out, String name, @Nullable String value) {
        if (value != null) {
            out.put(ascii(",\"" + name + "\":")).putString(value);
        }
    }

    static Json cancelled(long id, String reason) {
        return line(new Splice(128)
                .put(ascii("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":"))
                .put(id)
                .put(ascii(",\"reason\":"))
                .putString(Shorten.to(200, reason))
                .put(END));
    }

    static Json answer(Json id, Json result) {
        return line(new Splice(64 + result.length())
                .put(ID)
                .put(id)
                .put(ascii(",\"result\":"))
                .put(result)
                .put('}'));
    }

    static Json refusal(Json id, int code, String message) {
        return line(new Splice(128)
                .put(ID)
                .put(id)
                .put(ascii(",\"error\":{\"code\":"))
                .put(code)
                .put(ascii(",\"message\":"))
                .putString(message)
                .put(END));
    }

    /** A client may have written its JSON over several lines; inside a string no line ends (RFC 8259 §7), so each end stands for a blank. */
    private static Json line(Splice out) {
        var json = out.json();
        var bytes = json.bytes();
        for (var i = json.from(); i < json.to(); i++) {
            if (bytes[i] == '\n' || bytes[i] == '\r') {
                bytes[i] = ' ';
            }
        }
        return json;
    }

    private static byte[] head(Method method) {
        var head = HEADS.get(method);
        if (head == null) {
            throw new IllegalArgumentException("no such method: " + method);
        }
        return head;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
