package smcp.runner;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a server declares. Once declared it stays: a list may become empty, but clients were promised that it can be asked for. */
final class Capabilities {
    private volatile boolean tools;
    private volatile boolean prompts;
    private volatile boolean resources;
    private volatile boolean completions;

    void see(Catalogue catalogue) {
        if (!tools && !catalogue.tools.isEmpty()) tools = true;
        if (!prompts && !catalogue.prompts.isEmpty()) prompts = true;
        if (!resources && !(catalogue.resources.isEmpty() && catalogue.templates.isEmpty())) resources = true;
        if (!completions && catalogue.completes()) completions = true;
    }

    boolean serve(String method) {
        return switch (method) {
            case "server/discover" -> true;
            case "tools/list", "tools/call" -> tools;
            case "prompts/list", "prompts/get" -> prompts;
            case "resources/list", "resources/templates/list", "resources/read" -> resources;
            case "completion/complete" -> completions;
            default -> false;
        };
    }

    ObjectNode written(Json json) {
        var all = json.object();
        if (tools) all.putObject("tools").put("listChanged", true);
        if (prompts) all.putObject("prompts").put("listChanged", true);
        if (resources) all.putObject("resources").put("listChanged", true).put("subscribe", true);
        if (completions) all.putObject("completions");
        all.putObject("logging");
        return all;
    }
}
