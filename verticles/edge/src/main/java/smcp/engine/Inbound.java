package smcp.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.CallEvent;
import smcp.contract.ChangeLog;
import smcp.protocol.EngineLine;
import smcp.protocol.EngineLineParser;
import smcp.protocol.Json;
import smcp.protocol.Malformed;
import smcp.tenant.Limits;

/**
 * What a process says, judged line by line: an answer or a notice reaches the call it is about or nobody, and only what that call may get. Confined to the thread that reads.
 */
final class Inbound {
    /** Frames a second that belong to nothing; above it the process is either broken or an attacker. */
    static final int STRAYS = 20_000;
    /** Changes a second. A runner tells of 10,000 resources in one turn of its loop. */
    static final int CHANGES = 100_000;

    private static final int LONGEST_ID = 256;
    private static final int LONGEST_METHOD = 200;
    private static final Duration LONGEST_RETRY = Duration.ofHours(1);

    /** What the lines lead to beside events of calls. */
    interface Effects {
        void started(EngineLine answer);

        void changed(ChangeLog.Kind kind, String uri);

        void asked(EngineLine request);

        /** The engine must not go on. */
        void doomed(String why);
    }

    private final EngineLineParser parser = new EngineLineParser();
    private final CallTable calls;
    private final Limits limits;
    private final Effects effects;
    private final Strays strays = new Strays(STRAYS);
    private final Strays changes = new Strays(CHANGES);

    Inbound(CallTable calls, Limits limits, Effects effects) {
        this.calls = calls;
        this.limits = limits;
        this.effects = effects;
    }

    void line(byte[] line) {
        try {
            message(parser.parse(line), line.length);
        } catch (Malformed e) {
            var call = call(e.id());
            if (call == null) {
                stray();
            } else {
                broken(
                        call,
                        Kind.TENANT_PROTOCOL,
                        "the tenant's server answered with what is no answer: " + e.message());
            }
        }
    }

    /** Frames that belonged to nothing so far. */
    long strayed() {
        return strays.all();
    }

    private void message(EngineLine line, int length) {
        if (line.method() == null) {
            answer(line, length);
        } else if (line.id() != null) {
            request(line);
        } else {
            notification(line, line.method(), length);
        }
    }

    private void answer(EngineLine line, int length) {
        var id = line.id();
        if (id != null && isStart(id)) {
            effects.started(line);
            return;
        }
        var call = call(id);
        if (call == null || !calls.remove(call)) {
            stray();
        } else if (call.call != null && length > limits.responseBytes()) {
            var _ = call.end(new CallEvent.Broken(tooLong(length)));
        } else {
            if (call.call != null) {
                call.call.used().addResponseBytes(length);
            }
            var _ = call.end(end(call, line));
        }
    }

    private static CallEvent.End end(InFlight call, EngineLine line) {
        var result = line.result();
        if (line.isError()) {
            return result == null
                    ? new CallEvent.Failed(line.errorCode(), line.errorMessage(), line.errorData())
                    : wrong("has both a result and an error");
        }
        if (result == null || result.first() != '{') {
            return wrong("has a result that is no object");
        }
        var type = line.resultType();
        if (type == null || type.equals("complete")) {
            return new CallEvent.Result(result);
        }
        if (!type.equals("input_required")) {
            return wrong("has the unknown resultType \"" + Shorten.to(100, type) + "\"");
        }
        return call.call != null && call.method.mayAskTheClient()
                ? new CallEvent.Result(result)
                : wrong("has resultType input_required, which " + call.method.wire() + " may not");
    }

    private static CallEvent.Broken wrong(String what) {
        return new CallEvent.Broken(new Fault(Kind.TENANT_PROTOCOL, "the answer of the tenant's server " + what));
    }

    private void request(EngineLine line) {
        var id = line.id();
        if (id == null || id.length() > LONGEST_ID || (id.first() != '"' && id.first() != '-' && !digit(id.first()))) {
            stray();
        } else {
            effects.asked(line);
        }
    }

    private void notification(EngineLine line, String method, int length) {
        switch (method) {
            case "notifications/progress" -> progress(line, length);
            case "notifications/message" -> log(line, length);
            case "notifications/smcp/closeStream" -> closeStream(line);
            case "notifications/tools/list_changed" -> changed(ChangeLog.Kind.TOOLS, "");
            case "notifications/prompts/list_changed" -> changed(ChangeLog.Kind.PROMPTS, "");
            case "notifications/resources/list_changed" -> changed(ChangeLog.Kind.RESOURCES, "");
            case "notifications/resources/updated" -> {
                if (line.uri() == null) {
                    stray();
                } else {
                    changed(ChangeLog.Kind.RESOURCE, line.uri());
                }
            }
            default -> other(line, method, length);
        }
    }

    private void progress(EngineLine line, int length) {
        var call = call(line.progressToken());
        var token = call == null || call.call == null ? null : call.call.progressToken();
        if (call == null || token == null || !call.progressed(number(line.progress()))) {
            stray();
        } else {
            notice(call, "notifications/progress", line.paramsFor(token), length);
        }
    }

    private void log(EngineLine line, int length) {
        var call = call(line.call());
        if (call == null
                || call.call == null
                || !LogLevel.reaches(line.level(), call.call.client().logLevel())) {
            stray();
        } else {
            notice(call, "notifications/message", line.paramsFor(null), length);
        }
    }

    private void other(EngineLine line, String method, int length) {
        var call = call(line.call());
        var tellable = method.startsWith("notifications/")
                && !method.startsWith("notifications/smcp/")
                && !method.equals("notifications/cancelled")
                && method.length() <= LONGEST_METHOD;
        if (call == null || call.call == null || !tellable) {
            stray();
        } else {
            notice(call, method, line.paramsFor(null), length);
        }
    }

    private void closeStream(EngineLine line) {
        var call = call(line.call());
        var millis = number(line.retryMs());
        if (call == null || call.call == null || !(millis >= 0 && millis <= LONGEST_RETRY.toMillis())) {
            stray();
        } else {
            notice(call, new CallEvent.CloseStream(Duration.ofMillis((long) millis)));
        }
    }

    private void notice(InFlight call, String method, Json params, int length) {
        if (length > limits.responseBytes()) {
            call.breakOff(tooLong(length));
        } else {
            notice(call, new CallEvent.Notice(method, params));
        }
    }

    private void notice(InFlight call, CallEvent event) {
        switch (call.notice(event, limits.notices())) {
            case PASSED -> {}
            case LATE -> stray();
            case OVER ->
                broken(
                        call,
                        Kind.LIMIT,
                        "the call sent more notifications than limits.notices (" + limits.notices() + ")");
        }
    }

    private void changed(ChangeLog.Kind kind, String uri) {
        if (changes.count()) {
            effects.changed(kind, uri);
        } else {
            effects.doomed("told of more than " + CHANGES + " changes in a second");
        }
    }

    private void stray() {
        if (!strays.count()) {
            effects.doomed("sent more than " + STRAYS + " frames in a second that belong to no call");
        }
    }

    private static void broken(InFlight call, Kind kind, String message) {
        call.breakOff(new Fault(kind, message));
    }

    private Fault tooLong(int length) {
        return new Fault(
                Kind.LIMIT,
                "the tenant's server sent " + length + " bytes in one frame, more than limits.responseBytes ("
                        + limits.responseBytes() + ")");
    }

    /** The call whose number {@code id} is, and nothing but: {@code "5"} and {@code 5.0} are not 5. */
    private @Nullable InFlight call(@Nullable Json id) {
        if (id == null || id.length() > 18 || (id.first() == '0' && id.length() > 1)) {
            return null;
        }
        var number = 0L;
        for (var i = id.from(); i < id.to(); i++) {
            if (!digit(id.bytes()[i])) {
                return null;
            }
            number = number * 10 + (id.bytes()[i] - '0');
        }
        return calls.get(number);
    }

    private static double number(@Nullable Json value) {
        if (value == null || value.length() > 40 || (value.first() != '-' && !digit(value.first()))) {
            return Double.NaN;
        }
        return Double.parseDouble(value.text());
    }

    private static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isStart(Json id) {
        return id.length() == LinkMessages.START_ID.length() && id.text().equals(LinkMessages.START_ID);
    }
}
