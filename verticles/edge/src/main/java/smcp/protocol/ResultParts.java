package smcp.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A modern result, taken apart so far that it can be given to either era: for a modern client the server's identity is stamped in, for a legacy one the members that its revision does not know are cut out
 * (digest §18).
 */
public final class ResultParts {
    private static final JsonFactory FACTORY = EnvelopeParser.factory(200);

    private final Json result;
    private @Nullable String type;
    private @Nullable Json inputRequests;
    private @Nullable Json requestState;
    /** Where members may be put into {@code _meta}: just behind its brace; 0 if there is none. */
    private int metaInside;

    /** Nothing of it stays for a modern client. */
    private boolean metaEmpty = true;
    /** No member stays for a modern client. */
    private boolean empty = true;

    private final List<int[]> legacyInMeta = new ArrayList<>(0);
    private final List<int[]> modernInMeta = new ArrayList<>(0);
    private int[] legacyCuts = new int[0];
    private int[] modernCuts = new int[0];
    /** As {@link #modernCuts}, the cache hints too. */
    private int[] uncachedCuts = new int[0];

    private boolean uncachedEmpty = true;
    private @Nullable Json ttlMs;
    private @Nullable Json cacheScope;

    private ResultParts(Json result) {
        this.result = result;
    }

    /** @throws IllegalArgumentException if {@code result} is no JSON object */
    public static ResultParts of(Json result) {
        var parts = new ResultParts(result);
        try (var parser = FACTORY.createParser(result.bytes(), result.from(), result.length())) {
            parts.read(new Cursor(parser, result));
        } catch (IOException e) {
            throw new IllegalArgumentException("result is not a JSON object", e);
        }
        return parts;
    }

    private void read(Cursor at) throws IOException {
        if (at.parser.nextToken() != JsonToken.START_OBJECT) {
            throw new IllegalArgumentException("result is not a JSON object");
        }
        var forLegacy = new EnvelopeParser.Cuts();
        var forModern = new EnvelopeParser.Cuts();
        var uncached = new EnvelopeParser.Cuts();
        while (at.parser.nextToken() == JsonToken.FIELD_NAME) {
            forLegacy.member(at.start());
            forModern.member(at.start());
            uncached.member(at.start());
            var keep = member(at);
            forLegacy.end(at.end(), keep != Keep.BOTH);
            forModern.end(at.end(), keep == Keep.NEITHER);
            uncached.end(at.end(), keep == Keep.NEITHER || keep == Keep.HINT);
            empty &= keep == Keep.NEITHER;
            uncachedEmpty &= keep == Keep.NEITHER || keep == Keep.HINT;
        }
        legacyCuts = merge(forLegacy.ranges(), legacyInMeta);
        modernCuts = merge(forModern.ranges(), modernInMeta);
        uncachedCuts = merge(uncached.ranges(), modernInMeta);
    }

    /** Which era sees a member. */
    private enum Keep {
        BOTH,
        MODERN,
        /** A cache hint: modern, where the answer may have one. */
        HINT,
        NEITHER
    }

    private Keep member(Cursor at) throws IOException {
        switch (at.parser.currentName()) {
            case "resultType" -> {
                type = at.text();
                // one that is no string counts as missing, and must not stand beside ours
                return type == null ? Keep.NEITHER : Keep.MODERN;
            }
            case "ttlMs" -> {
                ttlMs = at.value();
                return Keep.HINT;
            }
            case "cacheScope" -> {
                cacheScope = at.value();
                return Keep.HINT;
            }
            case "inputRequests" -> inputRequests = at.value();
            case "requestState" -> requestState = at.value();
            case "_meta" -> {
                return meta(at);
            }
            default -> at.skip();
        }
        return Keep.BOTH;
    }

    private Keep meta(Cursor at) throws IOException {
        if (at.parser.nextToken() != JsonToken.START_OBJECT) {
            at.rest();
            return Keep.NEITHER;
        }
        metaInside = at.end();
        metaEmpty = true;
        var forLegacy = new EnvelopeParser.Cuts();
        var forModern = new EnvelopeParser.Cuts();
        var keep = Keep.MODERN;
        while (at.parser.nextToken() == JsonToken.FIELD_NAME) {
            var ours = at.parser.currentName().startsWith(Meta.PREFIX);
            // who the server is says the platform, and nobody beside it
            var identity = at.parser.currentName().equals(Meta.SERVER_INFO);
            forLegacy.member(at.start());
            forModern.member(at.start());
            at.skip();
            forLegacy.end(at.end(), ours);
            forModern.end(at.end(), identity);
            metaEmpty &= identity;
            keep = ours ? keep : Keep.BOTH;
        }
        if (keep == Keep.BOTH) {
            legacyInMeta.add(forLegacy.ranges());
        }
        modernInMeta.add(forModern.ranges());
        return keep;
    }

    /** The cuts inside {@code _meta} never touch a cut of the object around it: that one takes all of {@code _meta} or none. */
    private static int[] merge(int[] outer, List<int[]> inner) {
        if (inner.isEmpty()) {
            return outer;
        }
        var all = new ArrayList<int[]>();
        for (var i = 0; i < outer.length; i += 2) {
            all.add(new int[] {outer[i], outer[i + 1]});
        }
        for (var ranges : inner) {
            for (var i = 0; i < ranges.length; i += 2) {
                all.add(new int[] {ranges[i], ranges[i + 1]});
            }
        }
        all.sort((a, b) -> Integer.compare(a[0], b[0]));
        return all.stream().flatMapToInt(Arrays::stream).toArray();
    }

    /** {@code complete}, {@code input_required}, or a value of an extension; null if the result does not say. */
    public @Nullable String type() {
        return type;
    }

    public @Nullable Json inputRequests() {
        return inputRequests;
    }

    public @Nullable Json requestState() {
        return requestState;
    }

    /** For a modern client: the same result with {@code _meta["io.modelcontextprotocol/serverInfo"]} of ours in place of any other, and {@code resultType} if it was missing. */
    public Json stamped(Json serverInfo) {
        return stamped(serverInfo, Hints.AS_GIVEN);
    }

    /** What becomes of the cache hints of a result. */
    public enum Hints {
        /** Whatever the tenant says. */
        AS_GIVEN,
        /** Both hints, the tenant's where they are valid. */
        REQUIRED,
        /** As {@link #REQUIRED}, but never shared between callers. */
        PRIVATE,
        /** Both hints, saying that the result may not be kept. */
        NOT_KEPT,
        /** None: the result is not a complete one. */
        NONE
    }

    /** As {@link #stamped(Json)}, with the cache hints that the answer must, or must not, have (MCP 2026-07-28, Caching). */
    public Json stamped(Json serverInfo, Hints hints) {
        var ours = hints(hints);
        var cuts = ours == null ? modernCuts : uncachedCuts;
        var nothingStays = ours == null ? empty : uncachedEmpty;
        var out = new Splice(result.length() + serverInfo.length() + 144).put('{');
        var rest = result.from() + 1;
        if (type == null) {
            out.put(RESULT_TYPE).put(COMMA);
        }
        if (ours != null && ours.length > 0) {
            out.put(ours).put(COMMA);
        }
        if (metaInside == 0) {
            out.put(META_OPEN).put(serverInfo).put('}').put(nothingStays ? NOTHING : COMMA);
        } else {
            copy(out, cuts, rest, metaInside);
            out.put(SERVER_INFO).put(serverInfo).put(metaEmpty ? NOTHING : COMMA);
            rest = metaInside;
        }
        copy(out, cuts, rest, result.to());
        return out.json();
    }

    /** What to write in place of the tenant's hints; null if they may stay. */
    private byte @Nullable [] hints(Hints hints) {
        return switch (hints) {
            case AS_GIVEN -> null;
            case NONE -> ttlMs == null && cacheScope == null ? null : NOTHING;
            case NOT_KEPT -> ascii("\"ttlMs\":0,\"cacheScope\":\"private\"");
            case REQUIRED, PRIVATE -> {
                var open = hints == Hints.REQUIRED && scope("public");
                var ttl = ttl();
                yield ttl != null && (open || scope("private"))
                        ? null
                        : ascii("\"ttlMs\":" + (ttl == null ? "0" : ttl) + ",\"cacheScope\":\""
                                + (open ? "public" : "private") + "\"");
            }
        };
    }

    private boolean scope(String wanted) {
        return cacheScope != null && cacheScope.text().equals("\"" + wanted + "\"");
    }

    /** The tenant's, if it is an integer of 0 or more. */
    private @Nullable String ttl() {
        var text = ttlMs == null || ttlMs.length() > 15 ? "" : ttlMs.text();
        return text.chars().allMatch(c -> c >= '0' && c <= '9') && !text.isEmpty() ? text : null;
    }

    /** What of {@code [from, to)} a modern client gets; no cut reaches over either end. */
    private void copy(Splice out, int[] cuts, int from, int to) {
        var at = from;
        for (var i = 0; i < cuts.length; i += 2) {
            if (cuts[i] >= from && cuts[i] < to) {
                out.put(result.bytes(), at, cuts[i]);
                at = cuts[i + 1];
            }
        }
        out.put(result.bytes(), at, to);
    }

    /** For a legacy client: without {@code resultType}, cache hints and {@code io.modelcontextprotocol/*}. */
    public Json legacy() {
        return legacyCuts.length == 0 ? result : Splice.without(result, legacyCuts);
    }

    private static final byte[] NOTHING = {};
    private static final byte[] COMMA = {','};
    private static final byte[] RESULT_TYPE = ascii("\"resultType\":\"complete\"");
    private static final byte[] META_OPEN = ascii("\"_meta\":{\"" + Meta.SERVER_INFO + "\":");
    private static final byte[] SERVER_INFO = ascii("\"" + Meta.SERVER_INFO + "\":");

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A parser over a slice, with positions in the array the slice stands in. */
    private record Cursor(JsonParser parser, Json whole) {
        int start() {
            return whole.from() + (int) parser.currentTokenLocation().getByteOffset();
        }

        int end() {
            return whole.from() + (int) parser.currentLocation().getByteOffset();
        }

        @Nullable
        String text() throws IOException {
            if (parser.nextToken() == JsonToken.VALUE_STRING) {
                return parser.getText();
            }
            rest();
            return null;
        }

        Json value() throws IOException {
            parser.nextToken();
            var from = start();
            rest();
            return Json.slice(whole.bytes(), from, end());
        }

        void skip() throws IOException {
            parser.nextToken();
            rest();
        }

        void rest() throws IOException {
            parser.skipChildren();
            parser.finishToken();
        }
    }
}
