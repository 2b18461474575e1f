package smcp.protocol;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code _meta} of a request, taken apart. Members without a place of their own are kept as they stood. */
public final class Meta {
    public static final String PREFIX = "io.modelcontextprotocol/";
    public static final String PROTOCOL_VERSION = PREFIX + "protocolVersion";
    public static final String CLIENT_CAPABILITIES = PREFIX + "clientCapabilities";
    public static final String CLIENT_INFO = PREFIX + "clientInfo";
    public static final String LOG_LEVEL = PREFIX + "logLevel";
    public static final String SERVER_INFO = PREFIX + "serverInfo";
    public static final String SUBSCRIPTION_ID = PREFIX + "subscriptionId";
    public static final String PROGRESS_TOKEN = "progressToken";
    /** Between the platform and its runners only: which call a notification is about. */
    public static final String CALL = "smcp/call";

    @Nullable
    Json progressToken;

    @Nullable
    Json protocolVersion;

    @Nullable
    Json clientCapabilities;

    @Nullable
    Json clientInfo;

    @Nullable
    Json logLevel;

    @Nullable
    String traceparent;
    /** Members that pass through: key and value as they stood, {@code "k":v}. */
    final List<Json> foreign = new ArrayList<>(0);

    /** As it stood, string or integer; its JSON type must come back (digest §9.6). */
    public @Nullable Json progressToken() {
        return progressToken;
    }

    public @Nullable Json protocolVersion() {
        return protocolVersion;
    }

    public @Nullable Json clientCapabilities() {
        return clientCapabilities;
    }

    public @Nullable Json clientInfo() {
        return clientInfo;
    }

    public @Nullable Json logLevel() {
        return logLevel;
    }

    /** W3C trace context, if it was given and a string. */
    public @Nullable String traceparent() {
        return traceparent;
    }

    public List<Json> foreign() {
        return foreign;
    }
}
