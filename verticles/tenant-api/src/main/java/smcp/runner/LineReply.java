package smcp.runner;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import org.jspecify.annotations.Nullable;

/** Tells a call's words to the platform, a line each. */
class LineReply implements RunnerReply {
    private static final byte[] HEAD = Results.utf8("{\"jsonrpc\":\"2.0\",\"id\":");
    private static final byte[] RESULT = Results.utf8(",\"result\":");
    private static final byte[] END = Results.utf8("}");

    private final byte[] id;
    private final LineWriter out;

    LineReply(String id, LineWriter out) {
        this.id = Results.utf8(id);
        this.out = out;
    }

    /** How the answer leaves; notifications always leave at once. */
    LineWriter.Flush flush() {
        return LineWriter.Flush.NOW;
    }

    /** Before the answer leaves: with it, the platform may use the id again. */
    void ending() {}

    @Override
    public void progress(double progress, @Nullable Double total, @Nullable String message) {
        var text = new StringBuilder(
                        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":")
                .append(Slice.of(id))
                .append(",\"progress\":")
                .append(number(progress));
        if (total != null && Double.isFinite(total)) text.append(",\"total\":").append(number(total));
        if (message != null) text.append(",\"message\":").append(quoted(message));
        notification(text.append("}}"));
    }

    @Override
    public void log(String level, @Nullable String logger, byte[] dataJson) {
        var text = new StringBuilder(
                        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"")
                .append(level)
                .append('"');
        if (logger != null) text.append(",\"logger\":").append(quoted(logger));
        notification(text.append(",\"data\":")
                .append(Slice.of(dataJson))
                .append(',')
                .append(meta())
                .append("}}"));
    }

    @Override
    public void closeStream(long retryMs) {
        notification(
                new StringBuilder("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/smcp/closeStream\",\"params\":{")
                        .append(meta())
                        .append(",\"retryMs\":")
                        .append(retryMs)
                        .append("}}"));
    }

    @Override
    public void complete(byte[] resultJson) {
        answer(resultJson);
    }

    @Override
    public void inputRequired(byte[] inputRequestsJson, @Nullable String state) {
        var tail = state == null ? "}" : ",\"requestState\":" + quoted(state) + "}";
        answer(Results.joined(
                Results.utf8("{\"resultType\":\"input_required\",\"inputRequests\":"),
                inputRequestsJson,
                Results.utf8(tail)));
    }

    @Override
    public void failed(int code, String message, byte @Nullable [] dataJson) {
        var data = dataJson == null ? "" : ",\"data\":" + Slice.of(dataJson);
        var error = Results.utf8(",\"error\":{\"code\":" + code + ",\"message\":" + quoted(message) + data + "}}");
        ending();
        if (!out.line(flush(), HEAD, id, error)) tooLong("error");
    }

    void answer(byte[] result) {
        ending();
        if (!out.line(flush(), HEAD, id, RESULT, result, END)) tooLong("result of " + result.length + " bytes");
    }

    private void tooLong(String what) {
        failed(-32603, "the " + what + " does not fit a line, the limit is " + LineReader.MAX_LINE + " bytes", null);
    }

    private void notification(StringBuilder text) {
        var _ = out.line(
                LineWriter.Flush.NOW,
                Results.utf8(text.toString())); // too long for a line: dropped, as notifications may be
    }

    private String meta() {
        return "\"_meta\":{\"smcp/call\":" + Slice.of(id) + "}";
    }

    static String quoted(String text) {
        return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
