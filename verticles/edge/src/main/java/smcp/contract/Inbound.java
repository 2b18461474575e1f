package smcp.contract;

import org.jspecify.annotations.Nullable;
import smcp.protocol.Envelope;

/**
 * A message that was accepted: its tenant is known, its sender identified, its envelope read.
 *
 * @param message what came
 * @param headers of the request
 * @param receivedNanos {@link System#nanoTime} of the request's first byte
 */
public record Inbound(TenantEntry tenant, Identity.Known who, Envelope message, Headers headers, long receivedNanos) {

    /** The headers of the HTTP request; names are case-insensitive. */
    @FunctionalInterface
    public interface Headers {
        /** The first value; null if there is none. */
        @Nullable
        String get(String name);
    }
}
