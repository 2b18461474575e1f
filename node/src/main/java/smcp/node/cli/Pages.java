package smcp.node.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;

/** Reads lists that come in pages. */
final class Pages {
    private static final int MOST_PAGES = 1000;

    private Pages() {}

    /** All entries. */
    static ArrayNode all(AdminApi api, String path, String field) {
        var all = AdminApi.JSON.createArrayNode();
        var next = "";
        for (var i = 0; i < MOST_PAGES; i++) {
            var page = api.get(path + (path.contains("?") ? "&" : "?") + "limit=500"
                    + (next.isEmpty() ? "" : "&after=" + AdminApi.encoded(next)));
            page.path(field).forEach(all::add);
            next = page.path("next").asText("");
            if (next.isEmpty()) {
                return all;
            }
        }
        throw new Failure("the list has more than " + MOST_PAGES + " pages");
    }
}
