package smcp.api;

/**
 * The registry of one server. Lists keep the order of registration. After {@link TenantServer#configure} it stays usable from any
 * thread: what is added or removed then is announced to the clients by {@code list_changed}.
 */
public interface Mcp {
    /** Who this server is, from {@code smcp.json}. */
    ServerInfo server();

    /** A tool without arguments until {@link ToolBuilder#input} says otherwise. */
    default ToolBuilder<com.fasterxml.jackson.databind.node.ObjectNode, Object> tool(String name) {
        return ToolBuilder.named(this, name);
    }

    /** A resource at one fixed URI. */
    default ResourceBuilder resource(String uri) {
        return new ResourceBuilder(this, uri);
    }

    /**
     * Resources behind an RFC 6570 template. Supported are literals and simple expressions of one variable, <code>{id}</code> and
     * <code>{+path}</code>; every other form is refused at registration.
     */
    default TemplateBuilder template(String uriTemplate) {
        return new TemplateBuilder(this, uriTemplate);
    }

    /** A prompt whose arguments arrive as a map of strings until {@link PromptBuilder#arguments} says otherwise. */
    default PromptBuilder<java.util.Map<String, String>> prompt(String name) {
        return PromptBuilder.named(this, name);
    }

    /** Registers a tool; a second one of the same name is refused. */
    void add(Tool<?, ?> tool);

    /** Registers a resource; a second one of the same URI is refused. */
    void add(Resource resource);

    /** Registers a resource template; a second one of the same template is refused. */
    void add(ResourceTemplate template);

    /** Registers a prompt; a second one of the same name is refused. */
    void add(Prompt<?> prompt);

    /** Removes the tool; false if there is none of that name. */
    boolean removeTool(String name);

    /** Removes the resource; false if there is none of that URI. */
    boolean removeResource(String uri);

    /** Removes the resource template; false if it is not registered. */
    boolean removeTemplate(String uriTemplate);

    /** Removes the prompt; false if there is none of that name. */
    boolean removePrompt(String name);

    /** Announces that a list is to be read again; adding and removing do so by themselves. */
    void changed(ListKind kind);

    /** Announces new content of a resource to those who subscribed to it. */
    void resourceUpdated(String uri);

    /** How long, and by whom, the four lists and discover may be cached; {@link CachePolicy#NONE} by default. */
    void cacheLists(CachePolicy policy);
}
