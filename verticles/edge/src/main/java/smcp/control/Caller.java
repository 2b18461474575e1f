package smcp.control;

import smcp.tenant.ApiKey;
import smcp.tenant.KeyHolder;
import smcp.tenant.TenantId;

/** Who uses the control plane: the holder of the key that the request proved. */
record Caller(ApiKey key) {

    /** For the records and the log. */
    String name() {
        return switch (key.holder()) {
            case KeyHolder.Operator _ -> "operator:" + key.id();
            case KeyHolder.TenantOwner owner -> "tenant:" + owner.tenant() + ":" + key.id();
            case KeyHolder.OfClient client -> "client:" + client.tenant() + "/" + client.client() + ":" + key.id();
        };
    }

    boolean isOperator() {
        return key.holder() instanceof KeyHolder.Operator;
    }

    boolean owns(TenantId tenant) {
        return key.holder() instanceof KeyHolder.TenantOwner owner
                && owner.tenant().equals(tenant);
    }
}
