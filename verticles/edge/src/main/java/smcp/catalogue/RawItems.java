package smcp.catalogue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import smcp.protocol.Json;

/** The items of a list as they stand in the tenant's bytes: a schema that is printed again may come out changed. */
final class RawItems {
    private static final JsonFactory FACTORY = new JsonFactory();

    private RawItems() {}

    /** @param member the array among the members of {@code result} */
    static List<String> of(Json result, String member) {
        var items = new ArrayList<String>();
        try (var parser = FACTORY.createParser(result.bytes(), result.from(), result.length())) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var wanted = parser.currentName().equals(member);
                if (parser.nextToken() == JsonToken.START_ARRAY && wanted) {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        var from = (int) parser.currentTokenLocation().getByteOffset();
                        parser.skipChildren();
                        parser.finishToken();
                        var to = (int) parser.currentLocation().getByteOffset();
                        items.add(new String(result.bytes(), result.from() + from, to - from, StandardCharsets.UTF_8));
                    }
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            throw EngineCatalogue.broken("a list is not JSON");
        }
        return items;
    }
}
