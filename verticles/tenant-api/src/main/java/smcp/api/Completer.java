package smcp.api;

import java.util.List;
import java.util.Map;

/** Suggests values for an argument or a template variable. */
@FunctionalInterface
public interface Completer {
    /**
     * Best first. More than 100 are cut, and the client is told that there are more.
     *
     * @param value what was typed so far
     * @param others arguments already chosen
     */
    List<String> complete(String value, Map<String, String> others) throws Exception;

    /** Those of a fixed list that start with what was typed, ignoring case. */
    static Completer among(String... values) {
        var all = List.of(values);
        return (typed, _) -> all.stream()
                .filter(each -> each.regionMatches(true, 0, typed, 0, typed.length()))
                .toList();
    }
}
