package smcp.contract;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import smcp.tenant.VersionRef;

/**
 * A legacy session. Belongs to no node; bound to the principal that opened it and to a version.
 *
 * @param id 128 random bits or more, characters 0x21 to 0x7E
 * @param principal {@link smcp.tenant.Principal#name}; every request is checked against it
 * @param revision id of the negotiated revision
 * @param capabilities the ClientCapabilities of {@code initialize}, JSON text
 * @param clientInfo JSON text
 * @param logLevel what {@code logging/setLevel} asked for; null until then
 * @param subscriptions resource URI to the change-log position from which the subscription holds
 * @param changesFrom change-log position at which the session began
 * @param stamp grows with each change of the record; a write names the one it was made from
 */
public record SessionRecord(
        @JsonProperty("id") String id,
        @JsonProperty("version") VersionRef version,
        @JsonProperty("principal") String principal,
        @JsonProperty("revision") String revision,
        @JsonProperty("capabilities") String capabilities,
        @JsonProperty("clientInfo") String clientInfo,
        @JsonProperty("logLevel") @Nullable String logLevel,
        @JsonProperty("subscriptions") Map<String, Long> subscriptions,
        @JsonProperty("changesFrom") long changesFrom,
        @JsonProperty("created") Instant created,
        @JsonProperty("stamp") long stamp) {
    public SessionRecord {
        subscriptions = Map.copyOf(subscriptions);
    }

    public SessionRecord withLogLevel(String level) {
        return new SessionRecord(
                id,
                version,
                principal,
                revision,
                capabilities,
                clientInfo,
                level,
                subscriptions,
                changesFrom,
                created,
                stamp + 1);
    }

    public SessionRecord withSubscriptions(Map<String, Long> now) {
        return new SessionRecord(
                id,
                version,
                principal,
                revision,
                capabilities,
                clientInfo,
                logLevel,
                now,
                changesFrom,
                created,
                stamp + 1);
    }
}
