package smcp.contract;

import org.jspecify.annotations.Nullable;
import smcp.protocol.Json;
import smcp.protocol.Revision;

/**
 * What the caller said of itself: in the request (modern) or when its session began (legacy).
 *
 * @param capabilities the ClientCapabilities object
 * @param info the client's name and version; unverified, decides nothing
 * @param logLevel JSON string; null: no log messages for this call
 */
public record ClientFacts(
        Revision revision,
        Json capabilities,
        @Nullable Json info,
        @Nullable Json logLevel) {}
