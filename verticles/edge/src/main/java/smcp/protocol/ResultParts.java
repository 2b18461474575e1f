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

    private boolean metaEmpty = true;
    private int[] legacyCuts = new int[0];

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
        var cuts = new EnvelopeParser.Cuts();
        var inMeta = new ArrayList<int[]>(0);
        while (at.parser.nextToken() == JsonToken.FIELD_NAME) {
            cuts.member(at.start());
            var cut = false;
            switch (at.parser.currentName()) {
                case "resultType" -> {
                    type = at.text();
                    cut = true;
                }
                case "ttlMs", "cacheScope" -> {
                    at.skip();
                    cut = true;
                }
                case "inputRequests" -> inputRequests = at.value();
                case "requestState" -> requestState = at.value();
                case "_meta" -> cut = meta(at, inMeta);
                default -> at.skip();
            }
            cuts.end(at.end(), cut);
        }
        legacyCuts = merge(cuts.ranges(), inMeta);
    }

    /** True if nothing a legacy client may see is in it. */
    private boolean meta(Cursor at, List<int[]> inMeta) throws IOException {
        if (at.parser.nextToken() != JsonToken.START_OBJECT) {
            at.rest();
            return true;
        }
        metaInside = at.end();
        var cuts = new EnvelopeParser.Cuts();
        var kept = 0;
        while (at.parser.nextToken() == JsonToken.FIELD_NAME) {
            metaEmpty = false;
            cuts.member(at.start());
            var cut = at.parser.currentName().startsWith(Meta.PREFIX);
            at.skip();
            cuts.end(at.end(), cut);
            kept += cut ? 0 : 1;
        }
        if (kept > 0) {
            inMeta.add(cuts.ranges());
        }
        return kept == 0;
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

    /** For a modern client: the same result with {@code _meta["io.modelcontextprotocol/serverInfo"]} of ours in front, and {@code resultType} if it was missing. */
    public Json stamped(Json serverInfo) {
        var out = new Splice(result.length() + serverInfo.length() + 96);
        var brace = indexOfBrace();
        out.put(result.bytes(), result.from(), brace);
        var rest = brace;
        if (type == null) {
            out.put(RESULT_TYPE).put(COMMA);
        }
        if (metaInside == 0) {
            out.put(META_OPEN).put(serverInfo).put('}').put(emptyFrom(brace) ? NOTHING : COMMA);
        } else {
            out.put(result.bytes(), brace, metaInside)
                    .put(SERVER_INFO)
                    .put(serverInfo)
                    .put(metaEmpty ? NOTHING : COMMA);
            rest = metaInside;
        }
        return out.put(result.bytes(), rest, result.to()).json();
    }

    /** For a legacy client: without {@code resultType}, cache hints and {@code io.modelcontextprotocol/*}. */
    public Json legacy() {
        return legacyCuts.length == 0 ? result : Splice.without(result, legacyCuts);
    }

    private int indexOfBrace() {
        return result.from() + 1;
    }

    private boolean emptyFrom(int at) {
        var i = at;
        while (result.bytes()[i] == ' '
                || result.bytes()[i] == '\n'
                || result.bytes()[i] == '\r'
                || result.bytes()[i] == '\t') {
            i++;
        }
        return result.bytes()[i] == '}';
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
