package smcp.runner;

import org.jspecify.annotations.Nullable;

/**
 * A request as its host parsed it: the envelope is read once, by the host, and everything else is read here only if tenant code asks
 * for it. Each method may be called several times and returns the same.
 */
public interface RunnerRequest {
    /** {@code tools/call}, {@code resources/read}, {@code prompts/get} or {@code completion/complete}. */
    String method();

    /** The whole {@code params} object. */
    Slice params();

    /** {@code params.name} of a tool or prompt, {@code params.uri} of a resource, decoded. */
    @Nullable
    String name();

    /** {@code params.arguments}. */
    @Nullable
    Slice arguments();

    /** {@code params.inputResponses}, also if it is not an object. */
    @Nullable
    Slice inputResponses();

    /** {@code params.requestState}, decoded and already opened. */
    @Nullable
    String requestState();

    /** {@code params._meta}. */
    @Nullable
    Slice meta();

    /** {@code params._meta["io.modelcontextprotocol/clientCapabilities"]}. */
    @Nullable
    Slice clientCapabilities();

    /** {@code params._meta["io.modelcontextprotocol/logLevel"]}, decoded. */
    @Nullable
    String logLevel();

    /** Whether there is a {@code progressToken}. */
    boolean wantsProgress();

    /** Reads a request out of its params, for hosts without a parser of their own. */
    static RunnerRequest scan(String method, Slice params) throws java.io.IOException {
        return ParamsScan.read(method, params);
    }
}
