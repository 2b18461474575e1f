package smcp.api;

/** The lists that clients are told about when they change; resource templates belong to the resources. */
public enum ListKind {
    TOOLS,
    PROMPTS,
    RESOURCES
}
