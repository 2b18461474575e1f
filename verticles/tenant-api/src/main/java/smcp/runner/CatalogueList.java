package smcp.runner;

/** The four lists of a server. */
public enum CatalogueList {
    TOOLS("tools/list", "tools"),
    PROMPTS("prompts/list", "prompts"),
    RESOURCES("resources/list", "resources"),
    RESOURCE_TEMPLATES("resources/templates/list", "resourceTemplates");

    private final String method;
    private final String field;

    CatalogueList(String method, String field) {
        this.method = method;
        this.field = field;
    }

    /** The method that asks for it. */
    public String method() {
        return method;
    }

    /** The result's field that holds it. */
    String field() {
        return field;
    }
}
