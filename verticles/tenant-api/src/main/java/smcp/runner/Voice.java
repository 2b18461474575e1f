package smcp.runner;

import org.jspecify.annotations.Nullable;
import smcp.api.LogLevel;
import smcp.api.ProtocolError;

/** What a call says to its host: one thing at a time, one end, and nothing after it. */
final class Voice {
    private final RunnerRequest request;
    private final RunnerReply reply;
    private final Json json;
    /** Set without the lock by a cancel, which must not wait for a reply that is under way. */
    private volatile boolean ended;
    /** Guarded by this. */
    private double last = Double.NEGATIVE_INFINITY;

    Voice(RunnerRequest request, RunnerReply reply, Json json) {
        this.request = request;
        this.reply = reply;
        this.json = json;
    }

    boolean ended() {
        return ended;
    }

    void silence() {
        ended = true;
    }

    /** MCP 2026-07-28, Logging: an unknown level is a fault of the request. */
    void requireKnownLevel() {
        var level = request.logLevel();
        if (level != null && LogLevel.of(level).isEmpty())
            throw new ProtocolError(
                    ProtocolError.INVALID_PARAMS, "_meta[\"io.modelcontextprotocol/logLevel\"] is no level: " + level);
    }

    boolean logs(LogLevel level) {
        var wanted = request.logLevel();
        return wanted != null
                && LogLevel.of(wanted)
                        .filter(least -> level.compareTo(least) >= 0)
                        .isPresent();
    }

    void progress(double progress, @Nullable Double total, @Nullable String message) {
        if (!request.wantsProgress()) return;
        synchronized (this) {
            if (ended || !(progress > last) || Double.isInfinite(progress)) return;
            last = progress;
            reply.progress(progress, total, message);
        }
    }

    void log(LogLevel level, @Nullable String logger, Object data) {
        if (!logs(level)) return;
        var written = json.bytes(data);
        synchronized (this) {
            if (!ended) reply.log(level.wire(), logger, written);
        }
    }

    synchronized void closeStream(long retryMs) {
        if (!ended) reply.closeStream(retryMs);
    }

    synchronized void complete(byte[] result) {
        if (ended) return;
        ended = true;
        reply.complete(result);
    }

    synchronized void inputRequired(byte[] requests, @Nullable String state) {
        if (ended) return;
        ended = true;
        reply.inputRequired(requests, state);
    }

    synchronized void failed(int code, String message, byte @Nullable [] data) {
        if (ended) return;
        ended = true;
        reply.failed(code, message, data);
    }
}
