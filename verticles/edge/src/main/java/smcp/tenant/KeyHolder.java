package smcp.tenant;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** Whom a key proves, and so on which plane it opens something. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = KeyHolder.Operator.class, name = "operator"),
    @JsonSubTypes.Type(value = KeyHolder.TenantOwner.class, name = "tenant"),
    @JsonSubTypes.Type(value = KeyHolder.OfClient.class, name = "client")
})
public sealed interface KeyHolder {
    /** Everything on the control plane. */
    record Operator() implements KeyHolder {}

    /** One tenant on the control plane: deploy, clients, keys; not the operator's record of it. */
    record TenantOwner(TenantId tenant) implements KeyHolder {}

    /** A client of one tenant on the data plane. */
    record OfClient(TenantId tenant, ClientId client) implements KeyHolder {}
}
