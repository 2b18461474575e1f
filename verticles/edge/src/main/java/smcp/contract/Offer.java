package smcp.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.protocol.Json;
import smcp.protocol.Method;
import smcp.protocol.Revision;
import smcp.tenant.CatalogueEdition;
import smcp.tenant.Permissions;

/** The newest edition of a version's catalogue, ready to answer from: nothing of it wakes the tenant. Immutable. */
public interface Offer {
    CatalogueEdition edition();

    /** Is the server capability (tools, prompts, resources, completions, logging) declared? */
    boolean declares(String capability);

    /** Is the flag (listChanged, subscribe) of a declared capability set? */
    boolean declares(String capability, String flag);

    boolean hasTool(String name);

    /** Does the tool ask that a sealed state be shown once only? */
    boolean once(String tool);

    /** Does the tool say that calling it twice does no more than calling it once: {@code readOnlyHint} or {@code idempotentHint} (MCP 2025-11-25, Tools › ToolAnnotations)? It is the tenant's word on its own calls. */
    boolean repeatable(String tool);

    /** The arguments of a tool that are mirrored in {@code Mcp-Param-*}; empty for nearly all. */
    List<MirroredParam> mirrored(String tool);

    /** The whole result object of {@code server/discover}, of one of the four lists, for a modern client; of the lists for a legacy one.
     *
     * @param cursor decoded from params; null for the first page
     * @return null if the cursor is none of this list's
     */
    @Nullable
    Json answer(Method method, Revision revision, @Nullable String cursor, Permissions permissions);

    /** The result of {@code initialize}. */
    Json initializeResult(Revision revision);

    /** The Implementation object to stamp on results. */
    Json serverInfo();

    /**
     * An argument annotated with {@code x-mcp-header}.
     *
     * @param header the name behind {@code Mcp-Param-}
     * @param path property names from the root of the arguments
     * @param type {@code string}, {@code integer} or {@code boolean}
     */
    record MirroredParam(String header, List<String> path, String type) {
        public MirroredParam {
            path = List.copyOf(path);
        }
    }
}
