package smcp.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Function;
import smcp.contract.Versioned;

/** A page of a list: {@code ?limit=} entries behind the one that {@code ?after=} names. */
final class Page {
    private static final int MOST = 500;
    private static final int USUAL = 100;

    private Page() {}

    /**
     * The answer with the page.
     *
     * @param all in the order of the list
     * @param name what {@code after} names an entry by
     * @param isAfter does an entry come behind the one of this name, be that there or deleted?
     */
    static <T extends Record> Answer of(
            AdminRequest request,
            String field,
            List<Versioned<T>> all,
            Function<T, String> name,
            IsAfter<T> isAfter,
            Function<Versioned<T>, ? extends JsonNode> view) {
        request.onlyQueries("limit", "after");
        var limit = request.number("limit", 1, MOST, USUAL);
        var after = request.query("after");
        var rest = after == null
                ? all
                : all.stream()
                        .filter(entry -> isAfter.test(entry.value(), after))
                        .toList();
        var page = rest.subList(0, Math.min(limit, rest.size()));
        var body = Views.object();
        body.set(field, Views.array(page, view));
        if (page.size() < rest.size()) {
            body.put("next", name.apply(page.getLast().value()));
        }
        return Answer.json(body);
    }

    /** Order of a list. */
    @FunctionalInterface
    interface IsAfter<T> {
        boolean test(T entry, String name);
    }
}
