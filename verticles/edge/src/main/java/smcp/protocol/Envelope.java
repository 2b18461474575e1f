package smcp.protocol;

import org.jspecify.annotations.Nullable;

/** One JSON-RPC message as a client sent it: where its parts stand in the body. Made by {@link EnvelopeParser}; not changed afterwards. */
public final class Envelope {
    /** What a message is. */
    public enum Kind {
        REQUEST,
        NOTIFICATION,
        /** An answer to a request of ours. */
        RESPONSE,
        /** A JSON array; its elements are not looked at here. */
        BATCH
    }

    final byte[] body;
    Kind kind = Kind.REQUEST;

    @Nullable
    Json id;

    @Nullable
    String method;

    @Nullable
    Json params;

    @Nullable
    String name;

    @Nullable
    String uri;

    @Nullable
    Json arguments;

    @Nullable
    Json meta;

    @Nullable
    Meta metaParts;

    @Nullable
    Json cursor;

    @Nullable
    Json inputResponses;

    @Nullable
    Json requestState;

    @Nullable
    Json result;

    @Nullable
    Json error;
    /** {@code params} where {@code inputResponses}, {@code requestState} and {@code _meta} are cut out: pairs of from, to, in order. */
    int[] cuts = new int[0];

    Envelope(byte[] body) {
        this.body = body;
    }

    public Kind kind() {
        return kind;
    }

    /** As it stood: {@code 1} and {@code "1"} are different ids. Null on a notification. */
    public @Nullable Json id() {
        return id;
    }

    public @Nullable String method() {
        return method;
    }

    public @Nullable Json params() {
        return params;
    }

    /** {@code params.name}, decoded; null if absent or no string. */
    public @Nullable String name() {
        return name;
    }

    /** {@code params.uri}, decoded; null if absent or no string. */
    public @Nullable String uri() {
        return uri;
    }

    public @Nullable Json arguments() {
        return arguments;
    }

    public @Nullable Meta meta() {
        return metaParts;
    }

    public @Nullable Json cursor() {
        return cursor;
    }

    public @Nullable Json inputResponses() {
        return inputResponses;
    }

    public @Nullable Json requestState() {
        return requestState;
    }

    public @Nullable Json result() {
        return result;
    }

    public @Nullable Json error() {
        return error;
    }

    /** Length of the message in bytes. */
    public int length() {
        return body.length;
    }

    /** The era claim of digest §2.1: {@code params._meta["io.modelcontextprotocol/protocolVersion"]} is there. */
    public boolean claimsModern() {
        return metaParts != null && metaParts.protocolVersion != null;
    }

    /** Does the claim name a revision of the modern era, served here or not? */
    public boolean namesModern() {
        var claim = metaParts == null ? null : metaParts.protocolVersion;
        return claim != null && claim.first() == '"' && Revision.namesModern(JsonText.string(claim));
    }

    /** {@code params} without {@code _meta}, {@code inputResponses} and {@code requestState}: what a repeated round sends again, and what a tenant gets besides our own members. */
    public Json plainParams() {
        var all = params;
        if (all == null) {
            return Json.EMPTY_OBJECT;
        }
        if (cuts.length == 0) {
            return all;
        }
        return Splice.without(all, cuts);
    }
}
