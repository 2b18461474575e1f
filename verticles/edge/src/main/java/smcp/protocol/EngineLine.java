package smcp.protocol;

import org.jspecify.annotations.Nullable;

/** One line from an engine, taken apart. Made by {@link EngineLineParser}. */
public final class EngineLine {
    /** JSON-RPC 2.0 §5.1: what an error without a usable code is. */
    private static final int INTERNAL_ERROR = -32603;

    final byte[] bytes;

    @Nullable
    Json id;

    @Nullable
    String method;

    @Nullable
    Json params;
    /** {@code params.progressToken}, or {@code params._meta["smcp/call"]}, or {@code params.requestId}: which call a notification is about. */
    @Nullable
    Json progressToken;

    @Nullable
    Json call;

    @Nullable
    String uri;

    @Nullable
    Json progress;

    @Nullable
    Json level;

    @Nullable
    Json retryMs;
    /** Where {@code _meta["smcp/call"]} stands in {@code params}: pairs of from and to. */
    int[] paramCuts = new int[0];

    @Nullable
    Json result;

    @Nullable
    String resultType;

    int errorCode = INTERNAL_ERROR;

    @Nullable
    String errorMessage;

    @Nullable
    Json errorData;

    boolean error;

    EngineLine(byte[] bytes) {
        this.bytes = bytes;
    }

    public @Nullable Json id() {
        return id;
    }

    public @Nullable String method() {
        return method;
    }

    public @Nullable Json params() {
        return params;
    }

    public @Nullable Json progressToken() {
        return progressToken;
    }

    public @Nullable Json call() {
        return call;
    }

    public @Nullable String uri() {
        return uri;
    }

    /** {@code params.progress} of any type. */
    public @Nullable Json progress() {
        return progress;
    }

    /** {@code params.level} of any type. */
    public @Nullable Json level() {
        return level;
    }

    /** {@code params.retryMs} of any type. */
    public @Nullable Json retryMs() {
        return retryMs;
    }

    /** Of any type: whether it is an object is for the reader to judge. */
    public @Nullable Json result() {
        return result;
    }

    /** {@code result.resultType}; null if absent or no string. */
    public @Nullable String resultType() {
        return resultType;
    }

    public boolean isError() {
        return error;
    }

    public int errorCode() {
        return errorCode;
    }

    public String errorMessage() {
        return errorMessage == null ? "the tenant's server gave no message" : errorMessage;
    }

    public @Nullable Json errorData() {
        return errorData;
    }

    /** {@code params} without our own members, and with the engine's progress token replaced by {@code token} if that is given. */
    public Json paramsFor(@Nullable Json token) {
        var whole = params;
        if (whole == null) {
            return Json.EMPTY_OBJECT;
        }
        var own = token == null ? null : progressToken;
        if (own == null || token == null) {
            return paramCuts.length == 0 ? whole : Splice.without(whole, paramCuts);
        }
        // the token is a member of its own, so it lies between two cuts, never in one
        var out = new Splice(whole.length() + token.length());
        var at = whole.from();
        for (var i = 0; i < paramCuts.length; i += 2) {
            copy(out, whole, at, paramCuts[i], own, token);
            at = paramCuts[i + 1];
        }
        copy(out, whole, at, whole.to(), own, token);
        return out.json();
    }

    private static void copy(Splice out, Json whole, int from, int to, Json own, Json token) {
        if (own.from() < from || own.to() > to) {
            out.put(whole.bytes(), from, to);
        } else {
            out.put(whole.bytes(), from, own.from()).put(token).put(whole.bytes(), own.to(), to);
        }
    }
}
