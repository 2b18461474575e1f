package smcp.protocol;

import org.jspecify.annotations.Nullable;

/** One line from an engine, taken apart. Made by {@link EngineLineParser}. */
public final class EngineLine {
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
    /** {@code params} without {@code _meta["smcp/call"]}: pairs of from and to. */
    int[] paramCuts = new int[0];

    @Nullable
    Json result;

    int errorCode;

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

    public @Nullable Json result() {
        return result;
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

    /** {@code params} with the engine's progress token replaced by {@code token} and without our own members. */
    public Json paramsFor(@Nullable Json token) {
        var whole = params;
        if (whole == null) {
            return Json.EMPTY_OBJECT;
        }
        var shorter = paramCuts.length == 0 ? whole : Splice.without(whole, paramCuts);
        var own = progressToken;
        if (own == null || token == null) {
            return shorter;
        }
        // the token stands before anything that was cut, or the cuts are empty: progress has no other member of ours
        return new Splice(whole.length() + token.length())
                .put(whole.bytes(), whole.from(), own.from())
                .put(token)
                .put(whole.bytes(), own.to(), whole.to())
                .json();
    }
}
